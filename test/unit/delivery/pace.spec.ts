import { expect, it } from 'vitest';
import { Pace } from '../../../src/delivery/dispatcher/pace.js';

const intake = { isSaturated: true, calls: 0 };

it('holds nothing back beside an intake that has time', () => {
  expect(new Pace({ isSaturated: false, calls: 0 }).left).toBe(Number.POSITIVE_INFINITY);
});

it('lets one delivery begin for twenty calls beside a saturated one, whatever became of those before', () => {
  intake.calls = 0;
  const pace = new Pace(intake);
  expect(pace.left).toBe(0);
  intake.calls = 800;
  expect(pace.left).toBe(40);
  pace.begin(40);
  expect(pace.left).toBe(0);
  intake.calls = 800 + 600;
  expect(pace.left).toBe(30);
});

it('lets none begin until they are worth a claim', () => {
  intake.calls = 0;
  const pace = new Pace(intake);
  intake.calls = 20 * 16 - 1;
  expect(pace.left).toBe(0);
  intake.calls += 1;
  expect(pace.left).toBe(16);
});

it('gives back what was not claimed', () => {
  intake.calls = 0;
  const pace = new Pace(intake);
  intake.calls = 800;
  pace.begin(30);
  pace.begin(-20);
  expect(pace.left).toBe(30);
});

it('saves up no more than a burst', () => {
  intake.calls = 0;
  const pace = new Pace(intake);
  intake.calls = 1_000_000;
  expect(pace.left).toBe(64);
  pace.begin(64);
  expect(pace.left).toBe(0);
});
