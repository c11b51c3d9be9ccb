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
