import 'reflect-metadata';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { loadConfig } from '../../../src/config/load-config.js';
import { IntakeLoad } from '../../../src/tokens/intake/intake-load.js';

const SECOND_MS = 1000;
let nowMs: number;
let utilization: number;
let load: IntakeLoad;

beforeEach(() => {
  nowMs = 0;
  utilization = 0.5;
  vi.spyOn(performance, 'now').mockImplementation(() => nowMs);
  vi.spyOn(performance, 'eventLoopUtilization').mockImplementation(() => ({ idle: 0, active: 0, utilization }));
  load = new IntakeLoad(loadConfig({}));
});
afterEach(() => vi.restoreAllMocks());

/** In a second. */
function take(batches: number, callsOfEach: number): void {
  for (let batch = 0; batch < batches; batch += 1) {
    for (let call = 0; call < callsOfEach; call += 1) load.begin();
    load.end(callsOfEach);
  }
  nowMs += SECOND_MS;
}

test('An intake whose batches are small has time, however many they are', () => {
  take(1000, 7);
  expect(load.isSaturated).toBe(false);
});

test('An intake whose batches have grown has none, though its event loop waits', () => {
  take(100, 8);
  expect(load.isSaturated).toBe(true);
});

test('An intake whose event loop is at work all the time has none', () => {
  utilization = 0.95;
  take(1000, 1);
  expect(load.isSaturated).toBe(true);
});

test('A few calls are no reason to hold anything back', () => {
  utilization = 0.95;
  take(10, 16);
  expect(load.isSaturated).toBe(false);
});

test('What was is over when it is over', () => {
  take(100, 8);
  expect(load.isSaturated).toBe(true);
  take(1000, 1);
  expect(load.isSaturated).toBe(false);
});
