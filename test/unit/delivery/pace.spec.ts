import { expect, it } from 'vitest';
import { Pace } from '../../../src/delivery/dispatcher/pace.js';

const intake = { isSaturated: true, calls: 0 };

it('holds nothing back beside an intake that has time', () => {
  expect(new Pace({ isSaturated: false, calls: 0 }).left).toBe(Number.POSITIVE_INFINITY);
});

it('lets one delivery begin for three calls beside a saturated one, whatever became of those before', () => {
  intake.calls = 0;
  const pace = new Pace(intake);
  expect(pace.left).toBe(0);
  intake.calls = 30;
  expect(pace.left).toBe(10);
  pace.begin(10);
  expect(pace.left).toBe(0);
  intake.calls = 36;
  expect(pace.left).toBe(2);
});

it('gives back what was not claimed', () => {
  intake.calls = 0;
  const pace = new Pace(intake);
  intake.calls = 30;
  pace.begin(10);
  pace.begin(-7);
  expect(pace.left).toBe(7);
});

it('saves up no more than a burst', () => {
  intake.calls = 0;
  const pace = new Pace(intake);
  intake.calls = 1_000_000;
  expect(pace.left).toBe(64);
  pace.begin(64);
  expect(pace.left).toBe(0);
});
