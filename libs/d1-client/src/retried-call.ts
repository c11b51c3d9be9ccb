import { ChannelError, type Channel, type ChannelAnswer, type ChannelRequest } from './channel.js';
import type { D1ClientClock } from './clock.js';
import { D1Error } from './d1-error.js';
import { retryAfterMs } from './retry-after.js';
import { waitBeforeRetry, type FailedTry, type RetryPolicy } from './retry-decision.js';

export interface CallContext {
  readonly channel: Channel;
  readonly policy: RetryPolicy;
  readonly clock: D1ClientClock;
  readonly signal: AbortSignal;
}

/**
 * A call, tried as often as is right.
 *
 * @returns a 2xx
 * @throws D1Error for any other end; the signal's reason, if it is aborted
 */
export async function callWithRetries(
  request: ChannelRequest,
  isIdempotent: boolean,
  { channel, policy, clock, signal }: CallContext,
): Promise<ChannelAnswer> {
  for (let attempt = 1; ; attempt += 1) {
    const tried = await tryOnce(request, channel, clock, signal);
    if ('body' in tried) return tried;
    const context = { attempt, isIdempotent, random: Math.random() };
    const waitMs = tried.isFinal ? undefined : waitBeforeRetry(policy, tried, context);
    if (waitMs === undefined) throw toD1Error(request, tried, attempt);
    await clock.wait(waitMs, signal);
  }
}

interface Failure extends FailedTry {
  readonly reason: string;
  readonly isFinal?: boolean;
}

async function tryOnce(
  request: ChannelRequest,
  channel: Channel,
  clock: D1ClientClock,
  signal: AbortSignal,
): Promise<ChannelAnswer | Failure> {
  try {
    const answer = await channel.send(request, signal);
    const { status, headers } = answer;
    if (status >= 200 && status < 300) return answer;
    const retryAfter = headers['retry-after'];
    const afterMs = retryAfterMs(Array.isArray(retryAfter) ? retryAfter[0] : retryAfter, clock.nowMs());
    return { status, reason: String(status), ...(afterMs !== undefined && { retryAfterMs: afterMs }) };
  } catch (error) {
    if (!(error instanceof ChannelError)) throw error;
    return { reason: error.message, isUnsent: error.isUnsent, isFinal: error.isTooLarge };
  }
}

function toD1Error({ method, path }: ChannelRequest, failure: Failure, attempts: number): D1Error {
  const { reason, status, retryAfterMs: afterMs, isFinal = false } = failure;
  const times = attempts > 1 ? ` (tried ${attempts} times)` : '';
  // 401 is about who calls, not about what is asked for: a key or a right of ours that somebody will mend.
  const isPassing = status === undefined || status === 401 || status === 429 || status >= 500;
  const kind = isFinal ? 'malformed' : isPassing ? 'unavailable' : 'refused';
  return new D1Error(kind, `${method} ${path} at D1: ${reason}${times}`, {
    ...(status !== undefined && { status }),
    ...(afterMs !== undefined && { retryAfterMs: afterMs }),
  });
}
