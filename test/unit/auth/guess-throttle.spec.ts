import { RateLimiterMemory } from 'rate-limiter-flexible';
import { beforeEach, describe, expect, it } from 'vitest';
import { TooManyGuesses } from '../../../src/auth/auth-errors.js';
import { GuessThrottle } from '../../../src/auth/guessing/guess-throttle.js';

const BY_ADDRESS = 3;
const BY_CLIENT = 6;
const TOGETHER = 12;

const CLIENT = 'is_tbank01';
const CLEAN = 'clean';

describe('whose secrets wait until others are checked', () => {
  let throttle: GuessThrottle;
  beforeEach(() => {
    const limiter = (keyPrefix: string, points: number) => new RateLimiterMemory({ keyPrefix, points, duration: 60 });
    throttle = new GuessThrottle({
      byAddress: limiter('address', BY_ADDRESS),
      byClient: limiter('client', BY_CLIENT),
      together: limiter('together', TOGETHER),
    });
  });

  const fail = async (address: string, clientId: string, times = 1): Promise<void> => {
    for (let time = 0; time < times; time += 1) {
      await throttle.countFailure(address, clientId).catch((error: unknown) => {
        if (!(error instanceof TooManyGuesses)) throw error;
      });
    }
  };
  /** Each from another address. */
  const failEverywhere = async (times: number, clientId: (nth: number) => string): Promise<void> => {
    for (let nth = 0; nth < times; nth += 1) await fail(`elsewhere ${nth}`, clientId(nth));
  };

  it('those of an address that has used up its failures, whomever it says to be', async () => {
    await fail('guesser', CLIENT, BY_ADDRESS - 1);
    expect(await throttle.standing('guesser', CLIENT)).toBe('failed');
    await fail('guesser', CLIENT);
    expect(await throttle.standing('guesser', CLIENT)).toBe('over-limit');
    expect(await throttle.standing('guesser', 'another')).toBe('over-limit');
    expect(await throttle.standing(CLEAN, CLIENT)).toBe('clean');
  });

  it.each([
    ['one that there is', CLIENT],
    ['one that nobody knows', 'nobody'],
  ])('those of an address that has failed once, while many addresses guess at that client: %s', async (_kind, id) => {
    await failEverywhere(BY_CLIENT, () => id);
    await fail('guesser', 'another');
    expect(await throttle.standing('guesser', id)).toBe('over-limit');
    expect(await throttle.standing('guesser', 'another')).toBe('failed');
    expect(await throttle.standing(CLEAN, id)).toBe('clean');
  });

  it('those of an address that has failed once, while many addresses guess at many clients', async () => {
    await failEverywhere(TOGETHER - 2, (nth) => `nobody ${nth}`);
    await fail('guesser', CLIENT);
    expect(await throttle.standing('guesser', CLIENT)).toBe('failed');
    await fail('one more', 'nobody else');
    expect(await throttle.standing('guesser', CLIENT)).toBe('over-limit');
    expect(await throttle.standing(CLEAN, CLIENT)).toBe('clean');
  });

  it('those of no other address where one alone goes on guessing', async () => {
    await fail('mistyped', CLIENT);
    await fail('guesser', 'another', TOGETHER * 2);
    expect(await throttle.standing('guesser', CLIENT)).toBe('over-limit');
    expect(await throttle.standing('mistyped', CLIENT)).toBe('failed');
  });
});
