import { expect, it, vi } from 'vitest';
import { rememberingLast } from '../../../src/memory/remembering-last.js';

it('works out anew only what was not asked for last, undefined as anything else', () => {
  const workOut = vi.fn((text: string | undefined) => text?.length);
  const lengthOf = rememberingLast(workOut);

  expect([undefined, undefined, 'one', 'one', 'three', 'one'].map((text) => lengthOf(text))).toEqual([
    undefined,
    undefined,
    3,
    3,
    5,
    3,
  ]);
  expect(workOut.mock.calls).toEqual([[undefined], ['one'], ['three'], ['one']]);
});
