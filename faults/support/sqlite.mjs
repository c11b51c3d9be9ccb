// A look into the gateway's SQLite file, beside the gateway.
import Database from 'better-sqlite3';
import { join } from 'node:path';

/** @returns what `work` returns, which gets the open database */
export function openSqlite(dataDir, work) {
  const database = new Database(join(dataDir, 'gateway.sqlite'), { readonly: true, timeout: 5000 });
  try {
    return work(database);
  } finally {
    database.close();
  }
}
