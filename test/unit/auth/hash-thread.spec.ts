import { scryptSync } from 'node:crypto';
import { afterEach, describe, expect, it } from 'vitest';
import { HashThread, type HashJob } from '../../../src/auth/secret-hashing/hash-thread.js';

const thread = new HashThread({ niceness: 5, idleMs: 1000 });
afterEach(() => thread.stop());

const job = (secret: string, N = 1024): HashJob => ({
  secret,
  salt: Buffer.from('salt'),
  bytes: 32,
  options: { N, r: 8, p: 1, maxmem: 2 ** 26 },
});
const right = ({ secret, salt, bytes, options }: HashJob): Buffer => scryptSync(secret, salt, bytes, options);
/** No power of two: scrypt refuses it. */
const bad = (): HashJob => job('bad', 3);
/** More than the thread’s heap holds. */
const crashing = (): HashJob => ({ ...job(''), salt: Array.from({ length: 4e5 }, () => [0]) as never });

describe('a thread that hashes', () => {
  it('gives each job its own hash', async () => {
    const jobs = ['a', 'b', 'c'].map((secret) => job(secret));
    expect(await Promise.all(jobs.map((one) => thread.hash(one)))).toEqual(jobs.map(right));
  });

  it('fails the one job that cannot be worked out, and none beside it', async () => {
    const [before, failed, after] = await Promise.allSettled(
      [job('a'), bad(), job('b')].map((one) => thread.hash(one)),
    );
    expect(before).toEqual({ status: 'fulfilled', value: right(job('a')) });
    expect(failed).toEqual({ status: 'rejected', reason: expect.any(Error) });
    expect(after).toEqual({ status: 'fulfilled', value: right(job('b')) });
  });

  it('that has crashed is followed by another, whose jobs the end of the first does not touch', async () => {
    await expect(thread.hash(crashing())).rejects.toThrow();
    // Between the first one's failure and its end.
    const jobs = ['a', 'b'].map((secret) => job(secret));
    expect(await Promise.all(jobs.map((one) => thread.hash(one)))).toEqual(jobs.map(right));
  });

  it('fails what waits when it is stopped, and gives a later job no other’s hash', async () => {
    const stopped = thread.hash(job('stopped', 2 ** 14)).catch((error: Error) => error.message);
    const stop = thread.stop();
    expect(await thread.hash(job('later'))).toEqual(right(job('later')));
    await stop;
    expect(await stopped).toBe('The thread that hashes has ended');
  });
});
