// A connection of its own, apart from TypeORM's: that one is shared by everything asynchronous, and a batch between
// two steps of somebody else's transaction would be committed, or undone, with it. Here a unit of work is one
// synchronous transaction of prepared statements, and nothing in this process can come between.
import type { OnApplicationShutdown } from '@nestjs/common';
import Database, { type Database as Connection } from 'better-sqlite3';
import { setTimeout as wait } from 'node:timers/promises';
import { isConflict } from './failure-class.js';
import { makeDurable } from './sqlite-connection.js';

/** Another connection holds the write lock (a registry change, a backup): asked again until then. */
const LOCK_TIMEOUT_MS = 5000;
const LOCK_RETRY_MS = 2;

/** Writes to SQLite in synchronous transactions, waiting for the lock without holding up the event loop. */
export class SqliteWriter implements OnApplicationShutdown {
  readonly connection: Connection;

  constructor(file: string) {
    // SQLite's own waiting would block.
    this.connection = new Database(file, { timeout: 0 });
    makeDurable(this.connection);
  }

  /** When it resolves, what `work` wrote is on disk. `work` may run more than once, but takes effect once. */
  async write<T>(work: () => T): Promise<T> {
    const transaction = this.connection.transaction(work);
    const deadlineMs = performance.now() + LOCK_TIMEOUT_MS;
    for (;;) {
      try {
        return transaction.immediate();
      } catch (error) {
        if (!isConflict(error) || performance.now() >= deadlineMs) throw error;
        await wait(LOCK_RETRY_MS);
      }
    }
  }

  onApplicationShutdown(): void {
    this.connection.close();
  }
}
