import { expect, it } from 'vitest';
import { restAfterMs } from '../../../src/auth/secret-hashing/rest-after.js';

it.each([
  [0, 0],
  [50, 1200],
  [150, 3600],
  // On a core that others fill.
  [2000, 4000],
])('after a hash that took %d ms there is none for %d ms', (tookMs, restMs) => {
  expect(restAfterMs(tookMs)).toBe(restMs);
});

it('leaves the intake 24 parts in 25 of a core, however fast it is', () => {
  for (const tookMs of [1, 20, 80, 160]) expect(tookMs / (tookMs + restAfterMs(tookMs))).toBeCloseTo(0.04);
});
