import { expect, it } from 'vitest';
import { Rate } from '../../../src/delivery/dispatcher/rate.js';

it('lets so many begin in any second', () => {
  const rate = new Rate(3);
  expect(rate.left(0)).toBe(3);

  for (const nowMs of [0, 0, 500]) rate.begin(nowMs);

  expect(rate.left(500)).toBe(0);
  expect(rate.left(999)).toBe(0);
  expect(rate.left(1000)).toBe(2);
  expect(rate.left(1500)).toBe(3);
});

it('holds nothing back where there is none', () => {
  const rate = new Rate(null);
  for (let count = 0; count < 1000; count += 1) rate.begin(0);
  expect(rate.left(0)).toBe(Number.POSITIVE_INFINITY);
});
