// SQLite in a folder on this disk, so that a commit is a real one.
import Database from 'better-sqlite3';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { atExit } from '../processes/at-exit.mjs';
import { fillSqlite } from './fill-sqlite.mjs';

export class SqliteEngine {
  name = 'SQLite';
  key = 'sqlite';

  static async open() {
    const engine = new SqliteEngine();
    mkdirSync('data', { recursive: true });
    engine.folder = mkdtempSync(join('data', 'bench-'));
    atExit(() => rmSync(engine.folder, { recursive: true, force: true }));
    return engine;
  }

  /** Nothing to say of it: it has no server. */
  async describe() {
    return undefined;
  }

  async empty() {
    const folder = mkdtempSync(join(this.folder, 'database-'));
    return { engine: this.key, folder, file: join(folder, 'gateway.sqlite') };
  }

  /** @param database of a server that is stopped: its log is in the file, then */
  async copy(database) {
    if (existsSync(`${database.file}-wal`)) throw new Error(`${database.file} is in use, or was not closed`);
    const copy = await this.empty();
    copyFileSync(database.file, copy.file);
    return copy;
  }

  async fill(database, what) {
    fillSqlite(database, what);
  }

  /** @returns {Promise<number>} */
  async count(database, table) {
    const connection = new Database(database.file, { readonly: true });
    try {
      return connection.prepare(`select count(*) from ${table}`).pluck().get();
    } finally {
      connection.close();
    }
  }

  /** As on PostgreSQL; most of a file that has just been copied is in memory. */
  async bringToRest(database) {
    await this.count(database, 'tokens');
  }

  async drop({ folder }) {
    rmSync(folder, { recursive: true, force: true });
  }

  async close() {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
