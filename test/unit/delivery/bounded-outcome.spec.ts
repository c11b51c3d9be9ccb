import type { Outcome } from '@gateway/merchant-kit';
import { expect, it } from 'vitest';
import { boundedOutcome } from '../../../src/delivery/retry/bounded-outcome.js';

const DAY_MS = 86_400_000;

it.each<[string, Outcome, Outcome]>([
  ['control characters', { kind: 'retry', reason: 'a\u0000b\r\nc\u009b' }, { kind: 'retry', reason: 'a b c' }],
  ['a long reason', { kind: 'refused', reason: 'x'.repeat(501) }, { kind: 'refused', reason: 'x'.repeat(500) }],
  [
    'a wait of more than a day',
    { kind: 'retry', reason: 'r', afterMs: Number.MAX_VALUE },
    { kind: 'retry', reason: 'r', afterMs: DAY_MS },
  ],
  ['an ordinary outcome', { kind: 'retry', reason: 'r', afterMs: 1500 }, { kind: 'retry', reason: 'r', afterMs: 1500 }],
  ['no wait', { kind: 'retry', reason: 'r' }, { kind: 'retry', reason: 'r' }],
  ['a delivery', { kind: 'delivered' }, { kind: 'delivered' }],
])('bounds %s', (_what, outcome, bounded) => {
  expect(boundedOutcome(outcome)).toEqual(bounded);
});
