import { DataSource, type DataSourceOptions } from 'typeorm';

/** Any number will do, as long as all instances use the same. */
const MIGRATION_LOCK = 0xd1_6a7e;

/** Opens the database with its schema brought up to date; instances that start together take turns. */
export async function openDataSource(options: DataSourceOptions): Promise<DataSource> {
  if (options.type === 'postgres') await migrateInTurn(options);
  const dataSource = await new DataSource(options).initialize();
  if (options.type === 'postgres') return dataSource;
  try {
    await dataSource.runMigrations();
    return dataSource;
  } catch (error) {
    await dataSource.destroy();
    throw error;
  }
}

/** On connections of its own: an index over a large table takes longer than any statement of a request may. */
async function migrateInTurn(options: Extract<DataSourceOptions, { type: 'postgres' }>): Promise<void> {
  const { statement_timeout: _timeout, Client: _client, ...extra } = (options.extra ?? {}) as Record<string, unknown>;
  const migrator = await new DataSource({ ...options, poolSize: 2, extra }).initialize();
  try {
    // The lock is its session's, and ends with it.
    await migrator.createQueryRunner().query('select pg_advisory_lock($1)', [MIGRATION_LOCK]);
    await migrator.runMigrations();
  } finally {
    await migrator.destroy();
  }
}
