import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AddressBusy, HashingBusy } from '../../../src/auth/auth-errors.js';
import { SlowHash, type Guesser } from '../../../src/auth/secret-hashing/slow-hash.js';

const PER_ADDRESS = 8;
const ADDRESSES_OVER_LIMIT = 16;

const guesser = (address: string, isOverLimit = (): boolean => false): Guesser => ({
  address,
  isOverLimit: () => Promise.resolve(isOverLimit()),
});
const overLimit = (address: string): Guesser => guesser(address, () => true);

describe('slow hashes of guesses', () => {
  let slowHash: SlowHash;
  beforeEach(() => void (slowHash = new SlowHash()));
  afterEach(() => slowHash.onApplicationShutdown());

  /** What has been hashed, in that order. */
  const hashed: string[] = [];
  beforeEach(() => void (hashed.length = 0));
  const guess = (by: Guesser, name = by.address): Promise<void> =>
    slowHash.decoy(name, by).then(() => void hashed.push(name));

  it('over the limit wait for a rest, and those of others do not', async () => {
    await guess(overLimit('first'));
    const second = guess(overLimit('second'));
    for (const name of ['a', 'b', 'c']) await guess(guesser(name));
    expect(hashed).toEqual(['first', 'a', 'b', 'c']);

    slowHash.beforeApplicationShutdown();
    await second;
    expect(hashed).toEqual(['first', 'a', 'b', 'c', 'second']);
  });

  it('over the limit are one for each address, and the others are not hashed', async () => {
    const [first, second] = await Promise.allSettled([guess(overLimit('a'), 'a1'), guess(overLimit('a'), 'a2')]);
    expect(first.status).toBe('fulfilled');
    expect(second).toEqual({ status: 'rejected', reason: expect.any(AddressBusy) as Error });
  });

  it('over the limit are of so many addresses, and the others are not hashed', async () => {
    const names = Array.from({ length: ADDRESSES_OVER_LIMIT + 1 }, (_, nth) => `address ${nth}`);
    slowHash.beforeApplicationShutdown();
    const guesses = await Promise.allSettled(names.map((name) => guess(overLimit(name))));
    const busy = guesses.filter(({ status }) => status === 'rejected');
    expect(busy).toEqual([{ status: 'rejected', reason: expect.any(HashingBusy) as Error }]);
  });

  it('sent all at once are no longer hashed like others’ when enough of them have proved wrong', async () => {
    // Of none as they come, and of no more than two when their turn comes.
    let asked = 0;
    const isOver = (): boolean => (asked += 1) > PER_ADDRESS + 2;
    const outcomes = await Promise.allSettled(
      Array.from({ length: PER_ADDRESS }, (_, nth) => guess(guesser('a', isOver), `a${nth}`)),
    );
    // Two as those of others, and one more as one over the limit.
    expect(hashed).toEqual(['a0', 'a1', 'a2']);
    expect(outcomes.filter(({ status }) => status === 'rejected')).toHaveLength(5);
  });
});
