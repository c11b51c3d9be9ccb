import type { Statement } from 'better-sqlite3';
import { setTimeout as wait } from 'node:timers/promises';
import { lowestId } from '../../database/partitions/periods.js';
import type { SqliteWriter } from '../../database/sqlite-writer.js';
import {
  MAX_BATCHES,
  NOTHING_DONE,
  type RetentionRepository,
  type Upkeep,
  type UpkeepRound,
} from './retention.repository.js';

/** Notifications of one transaction, which holds up the intake for as long as it takes. */
const BATCH = 200;
/** The intake's turn between two of them. */
const PAUSE_MS = 20;

/** Deletes by bounded batches: SQLite has no partitions. */
export class SqliteRetentionRepository implements RetentionRepository {
  private readonly findOld: Statement<[string, number], { id: string }>;
  private readonly deleteAttempts: Statement<[string]>;
  private readonly deleteDeliveries: Statement<[string]>;
  private readonly deleteNotification: Statement<[string]>;
  private readonly deleteCalls: readonly Statement<[string, number]>[];

  /** The schema must be there: the statements are prepared here. */
  constructor(private readonly writer: SqliteWriter) {
    const { connection } = writer;
    this.findOld = connection.prepare(
      `select n.id from notifications n
       where n.id < ? and not exists (select 1 from deliveries d where d.notification_id = n.id and d.state = 'pending')
       order by n.id limit ?`,
    );
    this.deleteAttempts = connection.prepare(
      `delete from delivery_attempts where delivery_id in (select id from deliveries where notification_id = ?)`,
    );
    this.deleteDeliveries = connection.prepare(`delete from deliveries where notification_id = ?`);
    this.deleteNotification = connection.prepare(`delete from notifications where id = ?`);
    this.deleteCalls = ['unmatched_notifications', 'failed_notifications'].map((table) =>
      connection.prepare(`delete from ${table} where id in (select id from ${table} where id < ? order by id limit ?)`),
    );
  }

  async keepUp({ keptFromMs, signal }: UpkeepRound): Promise<Upkeep> {
    if (keptFromMs === undefined) return NOTHING_DONE;
    const keptFromId = lowestId(keptFromMs);
    let deleted = 0;
    for (let batch = 0; batch < MAX_BATCHES && !signal.aborted; batch += 1) {
      const rows = await this.writer.write(() => this.deleteBatch(keptFromId));
      deleted += rows;
      if (rows === 0) break;
      await wait(PAUSE_MS);
    }
    return { ...NOTHING_DONE, deleted };
  }

  private deleteBatch(keptFromId: string): number {
    const old = this.findOld.all(keptFromId, BATCH);
    for (const { id } of old) {
      this.deleteAttempts.run(id);
      this.deleteDeliveries.run(id);
      this.deleteNotification.run(id);
    }
    return this.deleteCalls.reduce((rows, statement) => rows + statement.run(keptFromId, BATCH).changes, old.length);
  }
}
