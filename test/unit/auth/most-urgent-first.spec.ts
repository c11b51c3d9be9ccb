import { describe, expect, it } from 'vitest';
import { MostUrgentFirst } from '../../../src/auth/secret-hashing/most-urgent-first.js';

describe('work of which the most urgent is done first', () => {
  it('is done one at a time, and what is as urgent in its order', async () => {
    const turns = new MostUrgentFirst();
    const log: string[] = [];
    const run = (urgency: number, name: string): Promise<void> =>
      turns.run(urgency, async () => {
        log.push(`${name} begins`);
        await new Promise(setImmediate);
        log.push(`${name} ends`);
      });
    await Promise.all([run(1, 'running'), run(1, 'a'), run(2, 'b'), run(0, 'c'), run(2, 'd'), run(1, 'e')]);
    const order = ['running', 'b', 'd', 'a', 'e', 'c'];
    expect(log).toEqual(order.flatMap((name) => [`${name} begins`, `${name} ends`]));
  });

  it('goes on after work that fails, and has no two begun by who comes as one ends', async () => {
    const turns = new MostUrgentFirst();
    let running = 0;
    const work = async (): Promise<number> => {
      running += 1;
      await Promise.resolve();
      return running--;
    };
    await expect(turns.run(0, () => Promise.reject(new Error('failed')))).rejects.toThrow('failed');
    const first = turns.run(0, work);
    const second = turns.run(0, work);
    const third = first.then(() => turns.run(1, work));
    expect(await Promise.all([first, second, third])).toEqual([1, 1, 1]);
  });
});
