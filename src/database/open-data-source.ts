import { DataSource, type DataSourceOptions } from 'typeorm';
import { assertCurrentSchema, assertDurable, assertKnownSchema } from './fitness.js';
import { asUnfit } from './unfit-database.js';

/** Any number will do, as long as all instances use the same. */
const MIGRATION_LOCK = 0xd1_6a7e;

export interface OpenOptions {
  /** PostgreSQL may forget commits, and somebody knows. */
  readonly unsafeDurabilityAccepted?: boolean;
  /** The schema is to be up to date already. */
  readonly asFound?: boolean;
}

/**
 * Opens the database with its schema brought up to date; instances that start together take turns.
 *
 * @throws UnfitDatabase where it is not fit for this gateway, and trying again does not help
 */
export async function openDataSource(options: DataSourceOptions, open: OpenOptions = {}): Promise<DataSource> {
  if (open.asFound) return openAsFound(options);
  if (options.type === 'postgres') {
    await migrateInTurn(options, open).catch((error: unknown) => {
      throw asUnfit(error);
    });
    return new DataSource(options).initialize();
  }
  const dataSource = await new DataSource(options).initialize();
  try {
    await assertKnownSchema(dataSource);
    await dataSource.runMigrations();
    await waitElsewhere(dataSource);
    return dataSource;
  } catch (error) {
    await dataSource.destroy();
    throw error;
  }
}

/** From now on `Transactions` waits for the lock: SQLite's own waiting holds up the event loop, and D1 with it. */
async function waitElsewhere(dataSource: DataSource): Promise<void> {
  if (dataSource.options.type === 'better-sqlite3') await dataSource.query('pragma busy_timeout = 0');
}

async function openAsFound(options: DataSourceOptions): Promise<DataSource> {
  const dataSource = await new DataSource(options).initialize().catch((error: unknown) => {
    throw asUnfit(error);
  });
  try {
    await assertKnownSchema(dataSource);
    await assertCurrentSchema(dataSource);
    await waitElsewhere(dataSource);
    return dataSource;
  } catch (error) {
    await dataSource.destroy();
    throw error;
  }
}

/**
 * On connections of its own: an index over a large table takes longer than any statement of a request may. It
 * knows no entities, which take longer to be made sense of than what it asks.
 */
async function migrateInTurn(
  options: Extract<DataSourceOptions, { type: 'postgres' }>,
  { unsafeDurabilityAccepted = false }: OpenOptions,
): Promise<void> {
  const { statement_timeout: _timeout, Client: _client, ...extra } = (options.extra ?? {}) as Record<string, unknown>;
  const migrator = await new DataSource({ ...options, entities: [], poolSize: 2, extra }).initialize();
  try {
    if (!unsafeDurabilityAccepted) await assertDurable(migrator);
    // The lock is its session's, and ends with it.
    await migrator.createQueryRunner().query('select pg_advisory_lock($1)', [MIGRATION_LOCK]);
    await assertKnownSchema(migrator);
    await migrator.runMigrations();
  } finally {
    await migrator.destroy();
  }
}
