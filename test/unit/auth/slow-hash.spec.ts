import { readdirSync, readFileSync } from 'node:fs';
import { getPriority } from 'node:os';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AddressBusy, HashingBusy } from '../../../src/auth/auth-errors.js';
import { SlowHash, type Guesser, type Standing } from '../../../src/auth/secret-hashing/slow-hash.js';

const PER_ADDRESS = 8;
const ADDRESSES_OVER_LIMIT = 16;

const guesser = (address: string, standing = (): Standing => 'clean'): Guesser => ({
  address,
  standing: () => Promise.resolve(standing()),
});
const failed = (address: string): Guesser => guesser(address, () => 'failed');
const overLimit = (address: string): Guesser => guesser(address, () => 'over-limit');

/** Of the process's threads that have another than the process: their niceness beside it, by thread (proc(5), stat). */
function nicedThreads(): Map<string, number> {
  const threads = readdirSync('/proc/self/task').map((id): [string, number] => {
    const [, afterName = ''] = readFileSync(`/proc/self/task/${id}/stat`, 'utf8').split(') ');
    return [id, Number(afterName.split(' ')[NICE_AFTER_NAME]) - getPriority(0)];
  });
  return new Map(threads.filter(([, niceness]) => niceness > 0));
}
const NICE_AFTER_NAME = 16;

/** How the threads yield that some work has begun: looked at as each piece ends, since a thread is kept for some seconds only. */
async function nicenessOf(...pieces: Promise<unknown>[]): Promise<number[]> {
  const before = nicedThreads();
  const begun = new Map<string, number>();
  const look = (): void => {
    for (const [id, niceness] of nicedThreads()) if (!before.has(id)) begun.set(id, niceness);
  };
  await Promise.all(pieces.map((piece) => piece.then(look)));
  return [...begun.values()].toSorted((one, other) => one - other);
}

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

  it.runIf(process.platform === 'linux')('are made by one thread, which yields to all else', async () => {
    const guesses = [guess(guesser('clean')), guess(failed('failed')), guess(overLimit('over the limit'))];
    expect(await nicenessOf(...guesses)).toEqual([19]);
  });

  it('of an address that has failed wait for no rest of those over the limit', async () => {
    await guess(overLimit('first'));
    const second = guess(overLimit('second'));
    for (const name of ['a', 'b', 'c']) await guess(failed(name));
    expect(hashed).toEqual(['first', 'a', 'b', 'c']);

    slowHash.beforeApplicationShutdown();
    await second;
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
    // Not as they come, nor when the second's and the third's turn comes.
    let asked = 0;
    const standing = (): Standing => ((asked += 1) > PER_ADDRESS + 2 ? 'over-limit' : 'clean');
    const outcomes = await Promise.allSettled(
      Array.from({ length: PER_ADDRESS }, (_, nth) => guess(guesser('a', standing), `a${nth}`)),
    );
    // The first at once, two more in their turn, and one as one over the limit.
    expect(hashed.toSorted()).toEqual(['a0', 'a1', 'a2', 'a3']);
    expect(outcomes.filter(({ status }) => status === 'rejected')).toHaveLength(4);
  });
});
