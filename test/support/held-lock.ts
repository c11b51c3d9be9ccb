import Database from 'better-sqlite3';
import pg from 'pg';
import type { TestGateway } from './test-gateway.js';

/** A lock that somebody else holds, so that the gateway cannot record a notification until it is released. */
export interface HeldLock {
  release(): Promise<void>;
}

/** SQLite: the write lock, as a backup or another process would hold it. PostgreSQL: the table of notifications, as making an index does. */
export async function holdLock({ config: { database } }: TestGateway): Promise<HeldLock> {
  if (database.engine === 'sqlite') {
    const connection = new Database(database.file);
    connection.exec('begin immediate');
    return {
      release: async () => {
        connection.exec('rollback');
        connection.close();
      },
    };
  }
  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  await client.query('begin');
  await client.query('lock table notifications in share mode');
  return {
    release: async () => {
      await client.query('rollback');
      await client.end();
    },
  };
}
