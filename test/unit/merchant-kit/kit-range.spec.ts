import { inKitRange } from '@gateway/merchant-kit';
import { expect, it } from 'vitest';

it.each([
  ['1.0.0', '^1.0', true],
  ['1.4.2', '^1.4.2', true],
  ['1.4.1', '^1.4.2', false],
  ['1.10.0', '^1.9', true],
  ['1.3.9', '^1.4', false],
  ['2.0.0', '^1.4', false],
  ['2.1.0', '^1.4 || ^2.0', true],
  ['3.0.0', '^1.4||^2.0', false],
])('%s is in %s: %s', (version, range, expected) => {
  expect(inKitRange(version, range)).toBe(expected);
});

it.each(['*', '1.0.0', '>=1.0', '~1.2', '^1', '', '^1.0 ||'])('%j is no range', (range) => {
  expect(inKitRange('1.0.0', range)).toBeUndefined();
});
