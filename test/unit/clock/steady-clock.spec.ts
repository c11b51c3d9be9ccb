import { beforeEach, expect, it } from 'vitest';
import { SteadyClock } from '../../../src/clock/steady-clock.js';

const HOUR_MS = 3_600_000;
const START_MS = Date.UTC(2026, 10, 23);

let elapsedMs: number;
let aheadMs: number;
let clock: SteadyClock;

beforeEach(() => {
  elapsedMs = 0;
  aheadMs = 0;
  clock = new SteadyClock(
    () => START_MS + elapsedMs + aheadMs,
    () => elapsedMs,
  );
});

function after(ms: number): number {
  elapsedMs += ms;
  return clock.nowMs() - START_MS;
}

it('is the system clock, and follows its small corrections', () => {
  expect(after(1000)).toBe(1000);
  aheadMs = 1500;
  expect(after(1000)).toBe(3500);
  aheadMs = -200;
  expect(after(1000)).toBe(2800);
});

it.each([HOUR_MS, -HOUR_MS])('goes on steadily when the system clock jumps by %d ms and comes back', (jumpMs) => {
  aheadMs = jumpMs;
  expect(after(1000)).toBe(1000);
  expect(after(50_000)).toBe(51_000);
  aheadMs = 0;
  expect(after(1000)).toBe(52_000);
  aheadMs = jumpMs;
  expect(after(50_000)).toBe(102_000);
  expect(clock.doubtMs(HOUR_MS)).toBe(0);
});

it.each([HOUR_MS, -HOUR_MS])('follows a jump of %d ms that stays, and says for a time how large it was', (jumpMs) => {
  aheadMs = jumpMs;
  expect(after(1000)).toBe(1000);
  expect(after(60_000)).toBe(61_000 + jumpMs);
  expect(clock.doubtMs(HOUR_MS)).toBe(HOUR_MS);
  expect(after(1000)).toBe(62_000 + jumpMs);
  elapsedMs += HOUR_MS;
  expect(clock.doubtMs(HOUR_MS)).toBe(0);
});
