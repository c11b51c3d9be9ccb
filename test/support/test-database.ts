import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { DataSource } from 'typeorm';
import { inject } from 'vitest';
import { loadConfig } from '../../src/config/load-config.js';
import { dataSourceOptions } from '../../src/database/data-source-options.js';
import { openDataSource } from '../../src/database/open-data-source.js';

const TEMPLATE = 'gateway_template';

/** An empty database of the engine under test, in a folder of its own. */
export interface TestDatabase {
  /** Settings that make a gateway use it. */
  readonly env: Readonly<Record<string, string>>;
  readonly dataDir: string;
  drop(): Promise<void>;
}

export async function createTestDatabase(): Promise<TestDatabase> {
  const dataDir = await mkdtemp(join(tmpdir(), 'gateway-data-'));
  const removeFolder = (): Promise<void> => rm(dataDir, { recursive: true, force: true });
  if (inject('engine') === 'sqlite') return { env: { DATA_DIR: dataDir }, dataDir, drop: removeFolder };
  const name = `gateway_${randomBytes(6).toString('hex')}`;
  await administer(inject('postgresUrl'), `create database ${name} template ${TEMPLATE}`);
  return {
    env: {
      DATA_DIR: dataDir,
      DATABASE_URL: urlOf(inject('postgresUrl'), name),
      DATABASE_POOL_SIZE: '6',
      // A server that is given for tests may have been made for them.
      ...(process.env.TEST_DATABASE_URL && { DATABASE_UNSAFE_DURABILITY: 'accepted' }),
    },
    dataDir,
    drop: async () => {
      // Not forced: a connection that somebody forgot to close makes the test fail.
      await administer(inject('postgresUrl'), `drop database ${name}`);
      await removeFolder();
    },
  };
}

/** A second view of the same data, apart from the gateway's own connections. */
export async function openForInspection(env: Readonly<Record<string, string>>): Promise<DataSource> {
  const { database } = loadConfig({ ...env, DATABASE_POOL_SIZE: '2' });
  return new DataSource({ ...dataSourceOptions(database), migrations: [] }).initialize();
}

export async function makeTemplate(serverUrl: string): Promise<void> {
  await administer(serverUrl, `drop database if exists ${TEMPLATE}`, `create database ${TEMPLATE}`);
  const { database } = loadConfig({ DATABASE_URL: urlOf(serverUrl, TEMPLATE), DATABASE_POOL_SIZE: '2' });
  const template = await openDataSource(dataSourceOptions(database), { unsafeDurabilityAccepted: true });
  await template.destroy();
}

function urlOf(serverUrl: string, database: string): string {
  const url = new URL(serverUrl);
  url.pathname = `/${database}`;
  return url.href;
}

async function administer(serverUrl: string, ...statements: string[]): Promise<void> {
  const client = new pg.Client({ connectionString: serverUrl });
  await client.connect();
  try {
    for (const statement of statements) await client.query(statement);
  } finally {
    await client.end();
  }
}
