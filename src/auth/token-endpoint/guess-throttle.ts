import { Injectable } from '@nestjs/common';
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { GatewayConfig } from '../../config/gateway-config.js';
import { TooManyGuesses } from '../auth-errors.js';

const WINDOW_SECONDS = 60;

/** Counts wrong credentials by address. */
@Injectable()
export class GuessThrottle {
  private readonly limiter: RateLimiterMemory;

  constructor({ auth }: GatewayConfig) {
    this.limiter = new RateLimiterMemory({ points: auth.guessLimitPerMinute, duration: WINDOW_SECONDS });
  }

  /** Whether the address has used up its failures for the current minute. */
  async isOverLimit(address: string): Promise<boolean> {
    const counted = await this.limiter.get(address);
    return counted !== null && counted.remainingPoints <= 0;
  }

  /** @throws TooManyGuesses once the address has used up its failures for the current minute */
  async countFailure(address: string): Promise<void> {
    try {
      await this.limiter.consume(address);
    } catch (error) {
      if (!(error instanceof RateLimiterRes)) throw error;
      throw new TooManyGuesses(Math.max(1, Math.ceil(error.msBeforeNext / 1000)));
    }
  }
}
