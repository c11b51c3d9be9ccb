// PostgreSQL: the server of DATABASE_URL (whose user may create databases), or a throw-away one.
import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { atExit } from '../processes/at-exit.mjs';
import { fillPostgres } from './fill-postgres.mjs';
import { findBinaries, hasHugePages, startCluster } from './postgres-cluster.mjs';

export class PostgresEngine {
  name = 'PostgreSQL';
  key = 'postgres';

  /** @returns {Promise<PostgresEngine | undefined>} undefined where there is no PostgreSQL */
  static async open() {
    const { DATABASE_URL } = process.env;
    const binaries = findBinaries();
    if (!DATABASE_URL && !binaries) return undefined;
    const engine = new PostgresEngine();
    if (!DATABASE_URL) engine.cluster = await startCluster(binaries);
    engine.adminUrl = DATABASE_URL ?? engine.cluster.url;
    mkdirSync('data', { recursive: true });
    engine.folder = mkdtempSync(join('data', 'bench-'));
    atExit(() => rmSync(engine.folder, { recursive: true, force: true }));
    return engine;
  }

  /** Version and memory of the server, for the report. */
  async describe() {
    const [{ server_version: version }] = await query(this.adminUrl, 'show server_version');
    const [{ shared_buffers: memory }] = await query(this.adminUrl, 'show shared_buffers');
    const pages = this.cluster && hasHugePages(this.cluster.pid) ? ' in huge pages' : '';
    return `PostgreSQL ${version.split(' ')[0]}, shared_buffers of ${memory}${pages}`;
  }

  empty() {
    return this.create('');
  }

  /** @param database that nobody is connected to */
  copy(database) {
    return this.create(`template "${database.databaseName}"`);
  }

  async fill(database, what) {
    await fillPostgres(database, what);
    // What autovacuum would do sooner or later, and while we measure.
    await query(database.url, 'vacuum analyze');
    await query(database.url, 'checkpoint');
  }

  /** @returns {Promise<number>} */
  async count(database, table) {
    const [{ count }] = await query(database.url, `select count(*) from ${table}`);
    return Number(count);
  }

  /**
   * As a server that has run for an hour: what was copied is on disk, and every page of the index that tokens are looked up in
   * is in memory. Ten seconds of load touch a fifth of the pages of ten million tokens, each for the first time: what is measured
   * would be the disk.
   */
  async bringToRest({ url }) {
    await query(url, 'checkpoint');
    await query(url, 'set enable_seqscan = off; select count(*) from tokens');
  }

  async drop({ databaseName, folder }) {
    await query(this.adminUrl, `drop database "${databaseName}" with (force)`);
    rmSync(folder, { recursive: true, force: true });
  }

  async close() {
    await this.cluster?.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }

  async create(template) {
    const databaseName = `gateway_bench_${randomBytes(4).toString('hex')}`;
    await query(this.adminUrl, `create database "${databaseName}" ${template}`);
    const url = new URL(this.adminUrl);
    url.pathname = `/${databaseName}`;
    return { engine: this.key, databaseName, url: url.href, folder: mkdtempSync(join(this.folder, 'database-')) };
  }
}

async function query(url, sql) {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}
