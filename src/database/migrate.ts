import type { TeamMigrations } from '@gateway/merchant-kit';
import { existsSync } from 'node:fs';
import { DataSource } from 'typeorm';
import type { GatewayConfig } from '../config/gateway-config.js';
import { dataSourceOptions } from './data-source-options.js';
import { schemaState, type SchemaState } from './fitness.js';
import { InstanceLock } from './instance-lock.js';
import { openDataSource } from './open-data-source.js';
import { asUnfit } from './unfit-database.js';

/** What is applied and what is not. Makes no database where there is none. */
export async function readSchema(
  { database }: Pick<GatewayConfig, 'database'>,
  teams: TeamMigrations,
): Promise<SchemaState> {
  const isMissing = database.engine === 'sqlite' && !existsSync(database.file);
  const options = dataSourceOptions(database, teams);
  const dataSource = new DataSource(
    isMissing ? ({ ...options, database: ':memory:', prepareDatabase: undefined } as typeof options) : options,
  );
  await dataSource.initialize().catch((error: unknown) => {
    throw asUnfit(error);
  });
  try {
    return await schemaState(dataSource);
  } finally {
    await dataSource.destroy();
  }
}

/**
 * Brings the schema up to date, as a gateway does at its start.
 *
 * @throws UnfitDatabase where it is not fit for this gateway, or in use by one (SQLite)
 */
export async function migrate(
  config: GatewayConfig,
  teams: TeamMigrations,
): Promise<SchemaState & { readonly ran: readonly string[] }> {
  const lock = InstanceLock.take(config);
  try {
    const before = await readSchema(config, teams);
    const { database } = config;
    const dataSource = await openDataSource(dataSourceOptions(database, teams), {
      unsafeDurabilityAccepted: database.engine === 'postgres' && database.unsafeDurabilityAccepted,
    });
    await dataSource.destroy();
    return { ...(await readSchema(config, teams)), ran: before.pending };
  } finally {
    lock.onApplicationShutdown();
  }
}
