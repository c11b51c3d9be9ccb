import { delivered, refused, retry } from '@gateway/merchant-kit';
import { describe, expect, it } from 'vitest';
import { nextState } from '../../../src/delivery/retry/retry-policy.js';

const scheduleSeconds = [5, 30, 120];
const situation = { attempt: 1, nowMs: 1_000_000, scheduleSeconds, random: 0.5 };

describe('after a try a delivery is', () => {
  it('delivered when the merchant has it', () => {
    expect(nextState(delivered(), situation)).toEqual({ state: 'delivered' });
  });

  it('dead when the merchant will never take it', () => {
    expect(nextState(refused('no such card'), situation)).toEqual({ state: 'dead', reason: 'no such card' });
  });

  it.each([
    [1, 5],
    [2, 30],
    [3, 120],
  ])('pending by the schedule after try %i', (attempt, seconds) => {
    const next = nextState(retry({ reason: 'busy' }), { ...situation, attempt });

    expect(next).toEqual({ state: 'pending', dueAtMs: 1_000_000 + seconds * 1000, reason: 'busy' });
  });

  it('dead when the schedule is used up', () => {
    const next = nextState(retry({ reason: 'busy' }), { ...situation, attempt: 4 });

    expect(next).toEqual({ state: 'dead', reason: 'busy (the last of 4 tries)' });
  });

  it('pending as long as the receiver has asked for', () => {
    const next = nextState(retry({ reason: 'busy', afterSeconds: 7 }), situation);

    expect(next).toEqual({ state: 'pending', dueAtMs: 1_007_000, reason: 'busy' });
  });

  it('dead after the last try, whatever the receiver asks for', () => {
    expect(nextState(retry({ reason: 'busy', afterSeconds: 7 }), { ...situation, attempt: 4 }).state).toBe('dead');
  });

  it('never due outside ±20 % of the schedule, and spread over it', () => {
    const shares = Array.from({ length: 100 }, (_, index) => {
      const next = nextState(retry({ reason: 'x' }), { ...situation, attempt: 2, random: index / 100 });
      return next.state === 'pending' ? (next.dueAtMs - situation.nowMs) / 30_000 : Number.NaN;
    });

    expect(Math.min(...shares)).toBeCloseTo(0.8, 5);
    expect(Math.max(...shares)).toBeLessThan(1.2);
    expect(new Set(shares).size).toBe(100);
  });
});
