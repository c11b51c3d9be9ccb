import type { Clock } from './clock.js';
import type { HttpTry } from './http-try.js';
import { parseRetryAfter } from './retry-after.js';
import { decideRetry, type RetryPolicy } from './retry-decision.js';

/** What repeated tries need besides the call itself. */
export interface RetryContext {
  readonly policy: RetryPolicy;
  readonly clock: Clock;
  /** Ends waits and further tries. */
  readonly signal: AbortSignal;
}

/** How a call ended: its last try, and how many there were. */
export interface FinalTry {
  readonly last: HttpTry;
  readonly attempts: number;
}

/**
 * Repeats `send` until an answer is final or the policy gives up.
 *
 * @param onTry called after each try, the first is 1; not after one that the abort cut short
 * @throws the signal's reason, if it is aborted before there is a final answer
 */
export async function tryUntilFinal(
  send: () => Promise<HttpTry>,
  { policy, clock, signal }: RetryContext,
  onTry?: (tried: HttpTry, attempt: number) => void,
): Promise<FinalTry> {
  for (let attempt = 1; ; attempt++) {
    signal.throwIfAborted();
    const last = await send();
    // An abort drops the connection: that is no failure of the gateway's.
    if (!last.answered) signal.throwIfAborted();
    onTry?.(last, attempt);

    const answer = last.answered ? last : undefined;
    const decision = decideRetry(policy, {
      status: answer?.status,
      attempt,
      retryAfterMs: parseRetryAfter(answer?.retryAfter, clock.now()),
      random: Math.random(),
    });
    if (decision.kind === 'give-up') return { last, attempts: attempt };
    await clock.wait(decision.waitMs, signal);
  }
}
