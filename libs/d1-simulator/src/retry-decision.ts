/** How often and how patiently a call is tried again. Thales does not publish D1's own numbers. */
export interface RetryPolicy {
  /** Tries of one call, the first included. */
  readonly maxAttempts: number;
  /** Backoff after the first try; it doubles with each further one. */
  readonly baseDelayMs: number;
  /** Bound of the backoff. */
  readonly maxDelayMs: number;
  /** Bound of what a `Retry-After` may ask for: a longer one is cut to this. */
  readonly maxRetryAfterMs: number;
}

export const DEFAULT_RETRY_POLICY: RetryPolicy = {
  maxAttempts: 6,
  baseDelayMs: 200,
  maxDelayMs: 10_000,
  maxRetryAfterMs: 30_000,
};

/** One try, as far as it matters to the decision. */
export interface TriedOnce {
  /** HTTP status; undefined if there was no answer: connection refused or lost, time-out. */
  readonly status: number | undefined;
  /** Number of this try, from 1. */
  readonly attempt: number;
  /** What the answer's `Retry-After` asks for, if it does. */
  readonly retryAfterMs: number | undefined;
  /** For the jitter: at least 0, under 1. */
  readonly random: number;
}

export type RetryDecision = { readonly kind: 'retry'; readonly waitMs: number } | { readonly kind: 'give-up' };

/**
 * Whether a call is tried again, and when. D1 acts on the status alone: only 503 and no answer at all are
 * retryable, whatever else came back is final. The wait is never under half the backoff nor under
 * `Retry-After` (within its bound); the other half of the backoff is jitter.
 */
export function decideRetry(policy: RetryPolicy, tried: TriedOnce): RetryDecision {
  const retryable = tried.status === undefined || tried.status === 503;
  if (!retryable || tried.attempt >= policy.maxAttempts) return { kind: 'give-up' };

  const halfBackoffMs = Math.min(policy.maxDelayMs, policy.baseDelayMs * 2 ** (tried.attempt - 1)) / 2;
  const askedMs = Math.min(policy.maxRetryAfterMs, tried.retryAfterMs ?? 0);
  return { kind: 'retry', waitMs: Math.ceil(Math.max(halfBackoffMs, askedMs) + tried.random * halfBackoffMs) };
}
