import { describe, expect, it } from 'vitest';
import { FairLane } from '../../../src/auth/secret-hashing/fair-lane.js';

describe('a fair lane', () => {
  it('does the work of each key in turn, one at a time, and that of one key in its order', async () => {
    const lane = new FairLane();
    const log: string[] = [];
    const work = (name: string) => async (): Promise<void> => {
      log.push(`${name} begins`);
      await Promise.resolve();
      log.push(`${name} ends`);
    };
    const many = ['a1', 'a2', 'a3', 'a4'].map((name) => lane.run('a', work(name)));
    await Promise.all([...many, lane.run('b', work('b1')), lane.run('c', work('c1')), lane.run('b', work('b2'))]);
    const order = ['a1', 'b1', 'c1', 'a2', 'b2', 'a3', 'a4'];
    expect(log).toEqual(order.flatMap((name) => [`${name} begins`, `${name} ends`]));
    expect(lane.waitingKeys).toBe(0);
  });

  it('goes on after work that fails, and tells whose it was', async () => {
    const lane = new FairLane();
    const failing = lane.run('a', () => Promise.reject(new Error('failed')));
    const next = lane.run('a', () => Promise.resolve('done'));
    await expect(failing).rejects.toThrow('failed');
    expect(await next).toBe('done');
  });

  it('rests after each piece of work, for as long as that took it to say, and answers before', async () => {
    const hourMs = 3_600_000;
    const rests: number[] = [];
    const lane = new FairLane((tookMs) => (rests.push(tookMs), hourMs));
    const done: string[] = [];
    const work = (name: string) => (): Promise<void> => Promise.resolve(void done.push(name));
    await lane.run('a', work('a'));
    const others = [lane.run('b', work('b')), lane.run('c', work('c'))];
    await new Promise(setImmediate);
    expect(done).toEqual(['a']);
    expect(rests).toEqual([expect.any(Number)]);
    expect(lane.waitingKeys).toBe(2);

    lane.restNoMore();
    await Promise.all(others);
    expect(done).toEqual(['a', 'b', 'c']);
  });
});
