import { DEFAULT_RETRY_POLICY as policy, decideRetry } from '@gateway/d1-simulator';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
const retryAfterMs = fc.option(fc.nat({ max: 10 * policy.maxRetryAfterMs }), { nil: undefined });
const retryable = fc.constantFrom(503, undefined);
const attemptWithOneLeft = fc.integer({ min: 1, max: policy.maxAttempts - 1 });

const halfBackoffMs = (attempt: number): number =>
  Math.min(policy.maxDelayMs, policy.baseDelayMs * 2 ** (attempt - 1)) / 2;

describe('whether a call is tried again', () => {
  it('never again after an answer other than 503', () => {
    const status = fc.integer({ min: 200, max: 599 }).filter((value) => value !== 503);
    fc.assert(
      fc.property(status, attemptWithOneLeft, retryAfterMs, random, (status, attempt, retryAfterMs, random) => {
        expect(decideRetry(policy, { status, attempt, retryAfterMs, random })).toEqual({ kind: 'give-up' });
      }),
    );
  });

  it('again after 503 and after no answer, until the attempts are used up', () => {
    fc.assert(
      fc.property(retryable, fc.integer({ min: 1, max: 20 }), random, (status, attempt, random) => {
        const { kind } = decideRetry(policy, { status, attempt, retryAfterMs: undefined, random });
        expect(kind).toBe(attempt < policy.maxAttempts ? 'retry' : 'give-up');
      }),
    );
  });
});

describe('how long it waits first', () => {
  it('never shorter than half the backoff or Retry-After, never longer than that and the other half', () => {
    fc.assert(
      fc.property(retryable, attemptWithOneLeft, retryAfterMs, random, (status, attempt, retryAfterMs, random) => {
        const decision = decideRetry(policy, { status, attempt, retryAfterMs, random });
        const atLeastMs = Math.max(halfBackoffMs(attempt), Math.min(retryAfterMs ?? 0, policy.maxRetryAfterMs));
        expect(decision.kind === 'retry' && decision.waitMs).toBeGreaterThanOrEqual(atLeastMs);
        expect(decision.kind === 'retry' && decision.waitMs).toBeLessThanOrEqual(
          Math.ceil(atLeastMs + halfBackoffMs(attempt)),
        );
      }),
    );
  });

  it('twice as long after each try, up to its bound', () => {
    const patient = { ...policy, maxAttempts: 10, baseDelayMs: 100, maxDelayMs: 1_000 };
    const waits = [1, 2, 3, 4, 5, 6].map((attempt) =>
      decideRetry(patient, { status: 503, attempt, retryAfterMs: undefined, random: 0 }),
    );
    expect(waits.map((decision) => decision.kind === 'retry' && decision.waitMs)).toEqual([
      50, 100, 200, 400, 500, 500,
    ]);
  });
});
