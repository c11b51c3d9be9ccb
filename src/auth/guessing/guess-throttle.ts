import { Injectable } from '@nestjs/common';
import { RateLimiterRes } from 'rate-limiter-flexible';
import { createHash } from 'node:crypto';
import { TooManyGuesses } from '../auth-errors.js';
import type { Standing } from '../secret-hashing/slow-hash.js';
import { GuessLimiters } from './guess-limiters.js';

/**
 * Counts wrong credentials by address and by client id, known or not. It is asked only after credentials proved wrong, so
 * that the right client is refused in no case.
 */
@Injectable()
export class GuessThrottle {
  constructor(private readonly limiters: GuessLimiters) {}

  /**
   * How an address stands: over the limit where it has used up its failures of the current minute, or has failed in it
   * while there are too many failures for that client, or of all addresses together. One that has not failed is clean,
   * whoever else guesses at the same client.
   */
  async standing(address: string, clientId: string): Promise<Standing> {
    const { byAddress, byClient, together } = this.limiters;
    const failures = await byAddress.get(address);
    if (!failures) return 'clean';
    const isOver =
      isUsedUp(failures) ||
      isUsedUp(await together.get(EVERYBODY)) ||
      isUsedUp(await byClient.get(clientKey(clientId)));
    return isOver ? 'over-limit' : 'failed';
  }

  /** @throws TooManyGuesses once the address, or everybody for that client, has used up the failures of the current minute */
  async countFailure(address: string, clientId: string): Promise<void> {
    try {
      // One after the other: what an address goes on guessing once it is refused makes no more counts.
      await this.limiters.byAddress.consume(address);
      // Refuses nobody.
      await this.limiters.together.penalty(EVERYBODY);
      await this.limiters.byClient.consume(clientKey(clientId));
    } catch (refusal) {
      if (!(refusal instanceof RateLimiterRes)) throw refusal;
      throw new TooManyGuesses(Math.max(1, Math.ceil(refusal.msBeforeNext / 1000)));
    }
  }
}

const EVERYBODY = 'everybody';

const isUsedUp = (counted: RateLimiterRes | null): boolean => counted !== null && counted.remainingPoints <= 0;

/** A client id that nobody knows may be anything, thousands of characters long. */
const clientKey = (clientId: string): string => createHash('sha256').update(clientId).digest('base64url');
