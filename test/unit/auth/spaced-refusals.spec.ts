import { beforeEach, describe, expect, it } from 'vitest';
import { SpacedRefusals } from '../../../src/auth/clients/spaced-refusals.js';

describe('refusals', () => {
  let refusals: SpacedRefusals;
  beforeEach(() => void (refusals = new SpacedRefusals()));
  const next = (times: number[]): number[] => times.map((nowMs) => refusals.nextMs(nowMs));

  it('that come one by one wait for nothing', () => {
    expect(next([100, 120, 200.5, 300])).toEqual([100, 120, 200.5, 300]);
  });

  it('that come at once are spread, and what comes after them waits for its turn', () => {
    expect(next([100, 100, 100, 101, 190])).toEqual([100, 120, 140, 160, 190]);
  });

  it('wait no longer than two seconds for that, however many there are', () => {
    const times = next(Array.from({ length: 2000 }, () => 100));
    expect(times.slice(0, 100)).toEqual(Array.from({ length: 100 }, (_, nth) => 100 + nth * 20));
    expect(new Set(times.slice(100))).toEqual(new Set([2100]));
  });

  it('are never answered before their time', async () => {
    const startedMs = performance.now();
    await Promise.all([20, 20, 20].map((ms) => refusals.untilElapsed(ms, startedMs)));
    expect(performance.now() - startedMs).toBeGreaterThanOrEqual(60);
  });
});
