import { setImmediate as nextTurn } from 'node:timers/promises';
import { beforeEach, describe, expect, it } from 'vitest';
import { Batcher } from '../../../src/tokens/intake/batcher.js';

describe('a batch that is held back', () => {
  let turnsLeft: number;
  let written: (readonly number[])[];
  let batcher: Batcher<number, number>;
  beforeEach(() => {
    written = [];
    batcher = new Batcher(
      async (items) => {
        written.push(items);
        return items;
      },
      {
        maxItems: 10,
        maxConcurrent: 1,
        maxWaiting: 10,
        isHeldBack: () => {
          turnsLeft -= 1;
          return turnsLeft >= 0;
        },
      },
    );
  });

  it('takes in what comes meanwhile, and is asked about once a turn', async () => {
    turnsLeft = 3;
    const all = [batcher.add(1)];
    await nextTurn();
    all.push(batcher.add(2), batcher.add(3));
    expect(turnsLeft).toBe(2);
    expect(written).toEqual([]);

    expect(await Promise.all(all)).toEqual([1, 2, 3]);
    expect(written).toEqual([[1, 2, 3]]);
    expect(turnsLeft).toBe(-1);
  });

  it('is the exception: a lone item is written at the end of its turn', async () => {
    turnsLeft = 0;
    expect(await batcher.add(1)).toBe(1);
    expect(written).toEqual([[1]]);
  });
});

describe('enough items for a batch', () => {
  const ENOUGH = 3;
  let written: (readonly number[])[];
  let finish: (() => void)[];
  let batcher: Batcher<number, number>;
  beforeEach(() => {
    written = [];
    finish = [];
    batcher = new Batcher(
      async (items) => {
        written.push(items);
        await new Promise<void>((resolve) => finish.push(resolve));
        return items;
      },
      { maxItems: 10, maxConcurrent: 2, maxWaiting: 10, enoughItems: ENOUGH },
    );
  });

  it('are written in the middle of a turn, and what comes after them at its end', async () => {
    const all = [1, 2, 3, 4].map((item) => batcher.add(item));
    expect(written).toEqual([[1, 2, 3]]);

    await nextTurn();
    expect(written).toEqual([[1, 2, 3], [4]]);
    for (const one of finish) one();
    expect(await Promise.all(all)).toEqual([1, 2, 3, 4]);
  });

  it('wait where as many batches are being written as may be, and go as soon as one of them is done', async () => {
    const all = [1, 2, 3, 4, 5, 6, 7, 8, 9].map((item) => batcher.add(item));
    await nextTurn();
    expect(written).toEqual([
      [1, 2, 3],
      [4, 5, 6],
    ]);

    finish[0]?.();
    await all[0];
    expect(written.at(-1)).toEqual([7, 8, 9]);
    for (const one of finish) one();
    expect(await Promise.all(all)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });

  it('leave no empty batch behind at the end of the turn', async () => {
    const all = [batcher.add(1)];
    all.push(batcher.add(2), batcher.add(3));
    await nextTurn();
    for (const one of finish) one();
    await Promise.all(all);
    await nextTurn();
    expect(written).toEqual([[1, 2, 3]]);
  });
});
