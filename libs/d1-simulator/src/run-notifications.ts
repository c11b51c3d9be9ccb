import { AccessTokenError } from './access-token-error.js';
import { Notifier } from './notifier.js';
import { RunFailedError } from './run-failed-error.js';
import { checkRunOptions, type RunOptions } from './run-options.js';
import type { RunResult } from './run-result.js';
import { openSession } from './session.js';
import { Tally } from './tally.js';

/**
 * Sends notifications as D1 does, until each has its final answer.
 *
 * @throws RunFailedError if no access token is to be had; it holds the result so far
 * @throws RangeError if there is no target, or a count or concurrency that is none
 *
 * @example
 * const result = await runNotifications({
 *   baseUrl: 'http://127.0.0.1:3000',
 *   credentials: { clientId: 'is_tbank01', clientSecret },
 *   targets: [{ merchantGatewayId: 'MGW_000001', merchantId: '10610027312', tokenId: '01fb32ff' }],
 *   count: 1000,
 *   concurrency: 32,
 * });
 * // result.answersByStatus: { 204: 1000 }
 */
export async function runNotifications(options: RunOptions): Promise<RunResult> {
  checkRunOptions(options);
  const { targets, count, concurrency = 1, payload, onAnswer } = options;
  const failure = new AbortController();
  const signal = AbortSignal.any([failure.signal, ...(options.signal ? [options.signal] : [])]);
  const { channel, retry, accessTokens } = openSession(options, concurrency, signal);
  const tally = new Tally();
  const onTry = tally.recordTry.bind(tally);
  const notifier = new Notifier(channel, { accessTokens, payload, retry, onTry });

  let sent = 0;
  const sendInTurn = async (): Promise<void> => {
    while (sent < count && !signal.aborted) {
      const answer = await notifier.notify(targets[sent++ % targets.length]!);
      tally.recordAnswer(answer);
      onAnswer?.(answer);
    }
  };
  // The first failure ends the run; what the others then throw is only that they were ended.
  const endRun = (error: unknown): void => {
    if (!signal.aborted) failure.abort(error);
  };

  const startedAt = performance.now();
  await Promise.all(Array.from({ length: concurrency }, () => sendInTurn().catch(endRun)));
  const durationMs = performance.now() - startedAt;
  await channel.close();

  const result = tally.result(count, durationMs, accessTokens?.fetched ?? 0);
  if (failure.signal.aborted) throw asRunFailure(failure.signal.reason, result);
  return result;
}

function asRunFailure(reason: unknown, result: RunResult): unknown {
  return reason instanceof AccessTokenError ? new RunFailedError(reason, result) : reason;
}
