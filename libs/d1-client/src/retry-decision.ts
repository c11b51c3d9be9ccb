/** How often a call is tried, and how long it waits in between. */
export interface RetryPolicy {
  /** Tries at most, the first one counted. */
  readonly maxAttempts: number;
  /** Longest wait before the second try, in milliseconds; it doubles from try to try. */
  readonly baseWaitMs: number;
  /** No wait is longer, in milliseconds. Where D1 asks for more (`Retry-After`), the call is given up. */
  readonly maxWaitMs: number;
}

/** Three tries within about a second, unless D1 asks for more: the gateway's own retries come on top. */
export const DEFAULT_RETRY_POLICY: RetryPolicy = { maxAttempts: 3, baseWaitMs: 200, maxWaitMs: 5000 };

/** How a single try ended, other than well. */
export interface FailedTry {
  /** Of the answer; undefined if there was none. */
  readonly status?: number;
  /** There was no connection: nothing has been sent. */
  readonly isUnsent?: boolean;
  readonly retryAfterMs?: number;
}

/**
 * How long to wait before the next try, in milliseconds; undefined to give up.
 *
 * 429 and 503 say that nothing was done, so anything may be sent again; after other 5xx, and where the connection was lost
 * half way, only what may be repeated. Other answers are final.
 *
 * @param attempt that has failed; the first is 1
 * @param random 0 to 1: full jitter, so that many callers do not come back at once
 */
export function waitBeforeRetry(
  { maxAttempts, baseWaitMs, maxWaitMs }: RetryPolicy,
  tried: FailedTry,
  { attempt, isIdempotent, random }: { attempt: number; isIdempotent: boolean; random: number },
): number | undefined {
  if (attempt >= maxAttempts || !mayBeRepeated(tried, isIdempotent)) return undefined;
  const { retryAfterMs = 0 } = tried;
  if (retryAfterMs > maxWaitMs) return undefined;
  const ceilingMs = Math.min(baseWaitMs * 2 ** (attempt - 1), maxWaitMs);
  return Math.max(retryAfterMs, Math.round(ceilingMs * random));
}

function mayBeRepeated({ status, isUnsent = false }: FailedTry, isIdempotent: boolean): boolean {
  if (status === undefined) return isUnsent || isIdempotent;
  if (status === 429 || status === 503) return true;
  return status >= 500 && isIdempotent;
}
