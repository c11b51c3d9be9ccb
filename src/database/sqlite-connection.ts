import type { Database } from 'better-sqlite3';

/**
 * A commit returns when it is on disk: write-ahead log, and the log synced at every commit. NORMAL would sync at
 * checkpoints only, and a power cut could take back an update that D1 was told is kept.
 */
export function makeDurable(connection: Database): void {
  connection.pragma('journal_mode = WAL');
  connection.pragma('synchronous = FULL');
}
