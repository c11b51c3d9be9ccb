import fc from 'fast-check';
import { expect, test } from 'vitest';
import { SortedWindow } from '../../src/operations/registry/import/sorted-window.js';

const id = fc.stringMatching(/^[A-Za-z0-9_-]{1,48}$/);
/** As an issuer's are: the same for long, and then numbers. */
const alike = fc.nat(99_999).map((number) => `01fb32ff-5ed0-497f-8835-6af0916f${number}`);

function taken(window: SortedWindow, ids: readonly string[], size = 7): (readonly string[])[] {
  for (const each of ids) window.add(each);
  return [...window.take(size)];
}

test('Ids come back as a sort of strings would order them, in parts of the size asked for', () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(id, alike), { maxLength: 200 }), (ids) => {
      const parts = taken(new SortedWindow(1000), ids);
      expect(parts.flat()).toEqual([...ids].sort());
      expect(parts.slice(0, -1).every((part) => part.length === 7)).toBe(true);
    }),
  );
});

test('A window that is used again gives back nothing of what was in it before', () => {
  const window = new SortedWindow(2);
  taken(window, ['b'.repeat(48), 'a'.repeat(48)]);
  expect(taken(window, ['b', 'a', 'bb']).flat()).toEqual(['a', 'b', 'bb']);
});

test('It is full at its limit, and the next has twice as many', () => {
  const window = new SortedWindow(1);
  taken(window, ['a']);
  expect(window.isFull).toBe(false);
  window.add('b');
  expect(window.isFull).toBe(false);
  window.add('c');
  expect(window.isFull).toBe(true);
});
