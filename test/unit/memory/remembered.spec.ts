import { expect, it } from 'vitest';
import { Remembered } from '../../../src/memory/remembered.js';

/** Loads that end when the test says so. */
function heldLoads() {
  const ends: ((value: { n: number }) => void)[] = [];
  const load = (): Promise<{ n: number }> => new Promise((resolve) => ends.push(resolve));
  return { ends, remembered: new Remembered({ max: 10, ttlMs: 60_000 }, load) };
}

it('shares a load, and keeps what came of it', async () => {
  const { ends, remembered } = heldLoads();
  const both = [remembered.fetch('a'), remembered.fetch('a')];
  expect(remembered.get('a')).toBeUndefined();
  ends[0]?.({ n: 1 });

  expect(await Promise.all(both)).toEqual([{ n: 1 }, { n: 1 }]);
  expect(await remembered.fetch('a')).toEqual({ n: 1 });
  expect(ends).toHaveLength(1);
});

it.each([
  ['all of it', (remembered: Remembered<{ n: number }>) => remembered.forgetAll()],
  ['that key', (remembered: Remembered<{ n: number }>) => remembered.forget('a')],
])('loads again what is forgotten while it is being loaded: %s', async (_what, forget) => {
  const { ends, remembered } = heldLoads();
  const waiting = remembered.fetch('a');
  forget(remembered);
  ends[0]?.({ n: 1 });
  await expect.poll(() => ends.length).toBe(2);
  ends[1]?.({ n: 2 });

  expect(await waiting).toEqual({ n: 2 });
  expect(remembered.get('a')).toEqual({ n: 2 });
});

it('loads anew where it is asked to', async () => {
  let n = 0;
  const remembered = new Remembered({ max: 10, ttlMs: 60_000 }, () => Promise.resolve({ n: (n += 1) }));
  await remembered.fetch('a');

  expect(await remembered.fetch('a', { anew: true })).toEqual({ n: 2 });
  expect(remembered.get('a')).toEqual({ n: 2 });
});

it('fails as the load does', async () => {
  const remembered = new Remembered({ max: 10, ttlMs: 60_000 }, () => Promise.reject(new Error('no database')));

  await expect(remembered.fetch('a')).rejects.toThrow('no database');
});
