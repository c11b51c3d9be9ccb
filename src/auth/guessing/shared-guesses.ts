import { Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import type { Pool, QueryResult } from 'pg';
import { describeCause } from '../../http/log-error.js';

export const GUESS_TABLE = 'guess_counts';

/** Beyond it a guess is counted by this instance alone. */
const MAX_WAITING = 50;
const TIDY_MS = 60_000;
/** No more often is it told that the database is not there to count. */
const COMPLAINT_MS = 60_000;

/**
 * The way to the counts that all instances share, on connections of its own, bounded: what finds no place or no answer fails, and
 * is then counted in memory. So neither a flood of guesses nor a database that is away costs anybody more than that.
 */
export class SharedGuesses implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger(SharedGuesses.name);
  private timer: NodeJS.Timeout | undefined;
  private complainedAtMs = Number.NEGATIVE_INFINITY;

  constructor(private readonly pool: Pool) {
    // An idle connection that breaks is replaced; without a listener it would end the process.
    pool.on('error', (error) => this.complain(error));
  }

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => void this.tidy(), TIDY_MS).unref();
  }

  async onApplicationShutdown(): Promise<void> {
    clearInterval(this.timer);
    await this.pool.end();
  }

  /** What rate-limiter-flexible asks. Its statements' names are left out: a pooler between may know nothing of them. */
  async query({ text, values }: { text: string; values?: unknown[] }): Promise<QueryResult> {
    if (this.pool.waitingCount >= MAX_WAITING) throw new Error('Too many guesses are waiting to be counted');
    try {
      return await this.pool.query(text, values);
    } catch (error) {
      this.complain(error);
      throw error;
    }
  }

  /** Deletes the counts of minutes that are over; the times are those that the library has written. */
  private async tidy(): Promise<void> {
    await this.query({ text: `delete from ${GUESS_TABLE} where expire < $1`, values: [Date.now()] }).catch(
      () => undefined,
    );
  }

  private complain(error: unknown): void {
    if (performance.now() - this.complainedAtMs < COMPLAINT_MS) return;
    this.complainedAtMs = performance.now();
    this.logger.warn({ msg: 'Guesses are counted by this instance alone', cause: describeCause(error) });
  }
}
