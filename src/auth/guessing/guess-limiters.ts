import type { RateLimiterMemory, RateLimiterPostgres } from 'rate-limiter-flexible';

/** Where wrong credentials are counted: in this instance's memory, or for all instances in the database. */
export abstract class GuessLimiters {
  abstract readonly byAddress: RateLimiterMemory | RateLimiterPostgres;
  abstract readonly byClient: RateLimiterMemory | RateLimiterPostgres;
  /** Of all addresses and clients, in this instance's memory: it is its core that hashes. */
  abstract readonly together: RateLimiterMemory;
}
