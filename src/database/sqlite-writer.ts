// A connection of its own, apart from TypeORM's: that one is shared by everything asynchronous, and a batch between
// two steps of somebody else's transaction would be committed, or undone, with it.
//
// And one commit for all who write in the same turn of the event loop. Each commit waits for the disk, and nothing else
// happens meanwhile; when the dispatcher's claims and settlements had commits of their own, the intake beside deliveries
// at full rate came to a stand.
import type { OnApplicationShutdown } from '@nestjs/common';
import type { Database as Connection } from 'better-sqlite3';
import { loadSqliteDriver } from './drivers.js';
import { isConflict } from './failure-class.js';
import { makeDurable } from './sqlite-connection.js';
import { untilUnlocked } from './until-unlocked.js';

interface Unit {
  readonly work: () => unknown;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: unknown) => void;
}

/** Tells a unit what came of it, once that is on disk. */
type Verdict = () => void;

/** Writes to SQLite in synchronous units of work, waiting for the lock without holding up the event loop. */
export class SqliteWriter implements OnApplicationShutdown {
  readonly connection: Connection;
  /** Made once. Within itself it is a savepoint. */
  private readonly transaction: <T>(work: () => T) => T;
  private waiting: Unit[] = [];
  private committing = false;

  constructor(file: string) {
    const Database = loadSqliteDriver();
    // SQLite's own waiting would block.
    this.connection = new Database(file, { timeout: 0 });
    makeDurable(this.connection);
    const transaction = this.connection.transaction((work: () => unknown) => work());
    this.transaction = <T>(work: () => T): T => transaction.immediate(work) as T;
  }

  /**
   * When it resolves, what `work` wrote is on disk; when it rejects, nothing of it. `work` may run more than once, but
   * takes effect once; it shares its transaction with others and is undone alone.
   */
  write<T>(work: () => T): Promise<T> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ work, resolve: resolve as Unit['resolve'], reject });
      this.schedule();
    });
  }

  onApplicationShutdown(): void {
    this.connection.close();
  }

  /** After this turn's callbacks, so that all who have something to write are in, and sockets are read between commits. */
  private schedule(): void {
    if (this.committing || this.waiting.length === 0) return;
    this.committing = true;
    setImmediate(() => void this.commit());
  }

  private async commit(): Promise<void> {
    const units = this.waiting;
    this.waiting = [];
    try {
      for (const tell of await untilUnlocked(() => this.attempt(units))) tell();
    } catch (error) {
      for (const { reject } of units) reject(error);
    } finally {
      this.committing = false;
      this.schedule();
    }
  }

  /** All as one, as nearly always none fails; where one does, each again for itself. */
  private attempt(units: readonly Unit[]): readonly Verdict[] {
    try {
      return this.transaction(() => units.map(succeeded));
    } catch (error) {
      if (isConflict(error) || units.length === 1) throw error;
      return this.transaction(() => units.map((unit) => this.alone(unit)));
    }
  }

  /**
   * Within the transaction: a transaction in a transaction is a savepoint. It costs a file of its own, with a copy of each
   * page that is changed: 15 µs a notification, of 96.
   */
  private alone(unit: Unit): Verdict {
    try {
      return this.transaction(() => succeeded(unit));
    } catch (error) {
      // A full or failing disk ends the whole transaction; what came after it would be on its own.
      if (!this.connection.inTransaction) throw error;
      return () => unit.reject(error);
    }
  }
}

function succeeded({ work, resolve }: Unit): Verdict {
  const value = work();
  return () => resolve(value);
}
