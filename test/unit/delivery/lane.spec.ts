import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Lane } from '../../../src/delivery/dispatcher/lane.js';
import type { TryResult } from '../../../src/delivery/destinations/destination-sender.js';

const OK: TryResult = { outcome: { kind: 'delivered' } };
const FAILED: TryResult = { outcome: { kind: 'retry', reason: 'down' } };

// The breaker's library reads Date.now; nothing here waits.
beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'] });
});
afterEach(() => {
  vi.useRealTimers();
});

const free = (lane: Lane): number => lane.free(Date.now());
const run = (lane: Lane, result: TryResult): Promise<TryResult | undefined> =>
  lane.run(() => Promise.resolve(result), Date.now());
const pass = (ms: number): void => void vi.setSystemTime(Date.now() + ms);
async function fail(lane: Lane, times: number): Promise<void> {
  for (let time = 0; time < times; time += 1) await run(lane, FAILED);
}

describe('a lane', () => {
  it('bounds the tries at a time', async () => {
    const lane = new Lane({ concurrency: 2, ratePerSecond: null });
    let open: (result: TryResult) => void = () => undefined;
    const gate = new Promise<TryResult>((resolve) => (open = resolve));

    const tries = [lane.run(() => gate, Date.now()), lane.run(() => gate, Date.now())];
    expect(free(lane)).toBe(0);
    open(OK);
    await Promise.all(tries);

    expect(free(lane)).toBe(2);
  });

  it('pauses a destination that fails ten times in a row', async () => {
    const lane = new Lane({ concurrency: 8, ratePerSecond: null });

    await fail(lane, 9);
    expect(free(lane)).toBe(8);
    await fail(lane, 1);

    expect(free(lane)).toBe(0);
  });

  it('makes no try that was allowed before the pause began, and does not call that a failure', async () => {
    const lane = new Lane({ concurrency: 16, ratePerSecond: null });
    await fail(lane, 10);
    let made = 0;

    const result = await lane.run(() => Promise.resolve({ ...OK, statusCode: (made += 1) }), Date.now());

    expect(result).toBeUndefined();
    expect(made).toBe(0);
  });

  it('does not count failures that a success comes between', async () => {
    const lane = new Lane({ concurrency: 8, ratePerSecond: null });

    await fail(lane, 9);
    await run(lane, OK);
    await fail(lane, 9);

    expect(free(lane)).toBe(8);
  });

  it('probes with one try after the pause, and doubles the share with each success', async () => {
    const lane = new Lane({ concurrency: 8, ratePerSecond: null });
    await fail(lane, 10);

    pass(4999);
    expect(free(lane)).toBe(0);
    pass(1);
    const shares = [free(lane)];
    for (let time = 0; time < 4; time += 1) {
      await run(lane, OK);
      shares.push(free(lane));
    }

    expect(shares).toEqual([1, 2, 4, 8, 8]);
  });

  it('pauses twice as long after a probe that fails, up to five minutes', async () => {
    const lane = new Lane({ concurrency: 8, ratePerSecond: null });
    await fail(lane, 10);
    const pauses: number[] = [];

    for (let probe = 0; probe < 8; probe += 1) {
      let waitedMs = 0;
      while (free(lane) === 0) {
        pass(1000);
        waitedMs += 1000;
      }
      pauses.push(waitedMs);
      await fail(lane, 1);
    }

    expect(pauses).toEqual([5000, 10_000, 20_000, 40_000, 80_000, 160_000, 300_000, 300_000]);
  });

  it('does not take a refusal for good for a failing destination', async () => {
    const lane = new Lane({ concurrency: 8, ratePerSecond: null });

    for (let time = 0; time < 20; time += 1) await run(lane, { outcome: { kind: 'refused', reason: 'unknown card' } });

    expect(free(lane)).toBe(8);
  });

  it('keeps to the rate', async () => {
    const lane = new Lane({ concurrency: 100, ratePerSecond: 3 });

    expect(free(lane)).toBe(3);
    await run(lane, OK);
    await run(lane, OK);
    await run(lane, OK);
    expect(free(lane)).toBe(0);
    pass(999);
    expect(free(lane)).toBe(0);
    pass(1);

    expect(free(lane)).toBe(3);
  });
});
