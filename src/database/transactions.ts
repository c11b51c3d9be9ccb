import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { untilUnlocked } from './until-unlocked.js';

/** Writes nothing, for which SQLite takes the write lock all the same. */
const TAKE_WRITE_LOCK = 'update notification_sequence set last = last where false';

/**
 * Runs a unit of work in one transaction. All writes through TypeORM go this way.
 *
 * TypeORM has a single connection to SQLite and lets concurrent transactions on it run into one another (the second
 * becomes a savepoint of the first, and is undone with it). So on SQLite they take turns; on PostgreSQL each has a
 * connection of its own.
 */
@Injectable()
export class Transactions {
  private last: Promise<unknown> = Promise.resolve();

  constructor(private readonly dataSource: DataSource) {}

  /**
   * The same, one after the other over all instances, and however long it takes: for what would otherwise meet itself when
   * instances start together.
   */
  runInTurn<T>(lock: number, work: (manager: EntityManager) => Promise<T>): Promise<T> {
    if (this.dataSource.options.type !== 'postgres') return this.run(work);
    return this.run(async (manager) => {
      await manager.query('set local statement_timeout = 0');
      await manager.query('select pg_advisory_xact_lock($1)', [lock]);
      return work(manager);
    });
  }

  run<T>(work: (manager: EntityManager) => Promise<T>): Promise<T> {
    if (this.dataSource.options.type === 'postgres') return this.dataSource.transaction(work);
    const turn = this.last.then(() => this.runLocked(work));
    this.last = turn.catch(() => undefined);
    return turn;
  }

  /** With the lock from the beginning: what has been read cannot have changed when it comes to writing. */
  private runLocked<T>(work: (manager: EntityManager) => Promise<T>): Promise<T> {
    return untilUnlocked(() =>
      this.dataSource.transaction(async (manager) => {
        await manager.query(TAKE_WRITE_LOCK);
        return work(manager);
      }),
    );
  }
}
