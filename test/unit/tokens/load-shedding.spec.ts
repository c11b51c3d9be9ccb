import { beforeEach, expect, it } from 'vitest';
import { LoadShedding } from '../../../src/tokens/intake/load-shedding.js';

let nowMs: number;
let shedding: LoadShedding;

beforeEach(() => {
  nowMs = 0;
  shedding = new LoadShedding({ maxWaitMs: 100, alwaysTaken: 10 });
});

/** How many of so many requests at the same moment are taken. */
function taken(requests: number): number {
  let count = 0;
  for (let request = 0; request < requests && !shedding.isOver(nowMs); request += 1) {
    shedding.begin(nowMs);
    count += 1;
  }
  return count;
}

/** For a second something is always under way, and so much a millisecond gets done. */
function busy(perMs: number): void {
  taken(1);
  for (let ms = 0; ms < 1000; ms += 1) {
    nowMs += 1;
    const requests = taken(perMs);
    for (let done = 0; done < requests; done += 1) shedding.end(nowMs);
  }
  shedding.end(nowMs);
}

it('takes everything as long as nothing is known', () => {
  expect(taken(5000)).toBe(5000);
});

it('takes what can be done within the wait', () => {
  busy(3);
  expect(taken(5000)).toBeGreaterThan(280);
  expect(taken(1)).toBe(0);
});

it('takes one more for each that has ended', () => {
  busy(3);
  taken(5000);
  shedding.end(nowMs);
  expect(taken(2)).toBe(1);
});

it('learns nothing from times with little to do', () => {
  busy(3);
  for (let request = 0; request < 100; request += 1) {
    nowMs += 100;
    taken(1);
    shedding.end(nowMs);
  }
  expect(taken(5000)).toBeGreaterThan(280);
});

it('takes less when everything has become slow, but what shares a commit always', () => {
  busy(3);
  const before = taken(5000);
  nowMs += 10_000;
  shedding.end(nowMs);
  nowMs += 10_000;
  shedding.end(nowMs);
  nowMs += 10_000;
  for (let ended = 2; ended < before; ended += 1) shedding.end(nowMs);
  nowMs += 10_000;
  expect(taken(5000)).toBeLessThan(before);
  expect(before).toBeGreaterThan(10);
});

/** So many come each millisecond, and at most `possible` get done, first come, first served. */
function offer(perMs: number, possible: number, durationMs: number): { taken: number; maxWaitMs: number } {
  const begunMs: number[] = [];
  const result = { taken: 0, maxWaitMs: 0 };
  for (let ms = 0; ms < durationMs || begunMs.length > 0; ms += 1) {
    nowMs += 1;
    for (let request = 0; request < possible && begunMs.length > 0; request += 1) {
      shedding.end(nowMs);
      result.maxWaitMs = Math.max(result.maxWaitMs, nowMs - (begunMs.shift() as number));
    }
    const begun = ms < durationMs ? taken(perMs) : 0;
    for (let request = 0; request < begun; request += 1) begunMs.push(nowMs);
    result.taken += begun;
  }
  return result;
}

it('keeps the wait short from the first moment of an overload on, though nothing is known', () => {
  const { taken: accepted, maxWaitMs } = offer(9, 3, 5000);
  // What is taken until the first have waited their 100 ms can be no more than three times what gets done in them.
  expect(maxWaitMs).toBeLessThanOrEqual(300);
  expect(accepted).toBeGreaterThanOrEqual(3 * 5000);
});

it('takes what gets done, and no more, for as long as an overload lasts', () => {
  offer(9, 3, 1000);
  const { taken: accepted, maxWaitMs } = offer(9, 3, 10_000);
  expect(maxWaitMs).toBeLessThanOrEqual(110);
  expect(accepted).toBeGreaterThanOrEqual(3 * 10_000);
});

it('does not take long calm for weakness', () => {
  offer(9, 3, 1000);
  // Always something under way, and never much: one a millisecond, each 20 ms long.
  for (let ms = 0; ms < 10_000; ms += 1) {
    nowMs += 1;
    taken(1);
    if (ms >= 20) shedding.end(nowMs);
  }
  expect(taken(5000)).toBeGreaterThan(250);
});
