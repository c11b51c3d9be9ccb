import { expect, it } from 'vitest';
import { Batched } from '../../../src/memory/batched.js';

const loaderOf = (known: ReadonlyMap<string, string>) => {
  const loads: string[][] = [];
  const load = async (keys: readonly string[]): Promise<ReadonlyMap<string, string>> => {
    loads.push([...keys]);
    if (keys.includes('broken')) throw new Error('broken');
    return known;
  };
  return { loads, load };
};

it('loads the first at once, and those that follow together', async () => {
  const { loads, load } = loaderOf(new Map([['b', 'B']]));
  const batched = new Batched(50, load);
  expect(await batched.get('a')).toBeUndefined();
  expect(await Promise.all(['b', 'c', 'b'].map((key) => batched.get(key)))).toEqual(['B', undefined, 'B']);
  expect(loads).toEqual([['a'], ['b', 'c']]);
});

it('loads no more than 500 in one go', async () => {
  const { loads, load } = loaderOf(new Map());
  const batched = new Batched(50, load);
  await Promise.all(Array.from({ length: 1100 }, (_, nth) => batched.get(String(nth))));
  expect(loads.map(({ length }) => length)).toEqual([500, 500, 100]);
});

it('goes on after a load that fails', async () => {
  const batched = new Batched(1, loaderOf(new Map([['a', 'A']])).load);
  await expect(batched.get('broken')).rejects.toThrow('broken');
  expect(await batched.get('a')).toBe('A');
});
