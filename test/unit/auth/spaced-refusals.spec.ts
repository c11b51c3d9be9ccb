import { beforeEach, describe, expect, it } from 'vitest';
import { SpacedRefusals } from '../../../src/auth/clients/spaced-refusals.js';

describe('refusals', () => {
  let refusals: SpacedRefusals;
  beforeEach(() => void (refusals = new SpacedRefusals()));
  const next = (times: number[]): number[] => times.map((nowMs) => refusals.nextMs(nowMs));

  it('that come one by one wait for nothing', () => {
    expect(next([100, 104, 200.5, 300])).toEqual([100, 104, 200.5, 300]);
  });

  it('that come at once are spread, and what comes after them waits for its turn', () => {
    expect(next([100, 100, 100, 101, 120])).toEqual([100, 104, 108, 112, 120]);
  });

  it('wait no longer than two seconds for that, however many there are', () => {
    const times = next(Array.from({ length: 2000 }, () => 100));
    expect(times.slice(0, 500)).toEqual(Array.from({ length: 500 }, (_, nth) => 100 + nth * 4));
    expect(new Set(times.slice(500))).toEqual(new Set([2100]));
  });

  it('are never answered before their time', async () => {
    const startedMs = performance.now();
    await Promise.all([20, 20, 20].map((ms) => refusals.untilElapsed(ms, startedMs)));
    expect(performance.now() - startedMs).toBeGreaterThanOrEqual(28);
  });
});
