import type { TeamMigrations } from '@gateway/merchant-kit';
import type { DataSourceOptions } from 'typeorm';
import type { DatabaseConfig } from '../config/gateway-config.js';
import { impatientClient } from './impatient-client.js';
import { postgresMigrations } from './migrations/postgres/index.js';
import { sqliteMigrations } from './migrations/sqlite/index.js';
import { QueryLogger } from './query-logger.js';
import { makeDurable } from './sqlite-connection.js';
import { tlsOptions } from './tls-options.js';

/** What the server's own views call our connections. */
export const APPLICATION_NAME = 'd1-merchant-gateway';

/** A server that works answers before that, be it that the statement took too long. */
const ANSWER_MARGIN_MS = 2000;

/**
 * A new connection's process in the server has yet to map the shared memory, to load its catalogue and to prepare the statements: with
 * ten million tokens the first seconds of a burst of D1's cost it twice as much. pg closes idle ones after ten seconds.
 */
const IDLE_MS = 600_000;

/** Idle connections are kept longer than many a firewall keeps what nothing passes on (240 s and more). */
const KEEP_ALIVE_MS = 60_000;

/**
 * TypeORM's options for the engine in use; the entities are added by whoever opens the data source.
 *
 * @param team migrations of teams' modules, which run with the gateway's own in the order of their timestamps
 */
export function dataSourceOptions(
  database: DatabaseConfig,
  team: TeamMigrations = { sqlite: [], postgres: [] },
): DataSourceOptions {
  const shared = {
    synchronize: false,
    migrationsTableName: 'migrations',
    migrationsTransactionMode: 'each',
    logger: new QueryLogger(),
    maxQueryExecutionTime: 1000,
  } as const;
  if (database.engine === 'sqlite') {
    return {
      ...shared,
      type: 'better-sqlite3',
      database: database.file,
      migrations: [...sqliteMigrations, ...team.sqlite],
      prepareDatabase: makeDurable,
    };
  }
  return {
    ...shared,
    type: 'postgres',
    url: database.url,
    poolSize: database.poolSize,
    applicationName: APPLICATION_NAME,
    migrations: [...postgresMigrations, ...team.postgres],
    installExtensions: false,
    connectTimeoutMS: database.connectTimeoutMs,
    ssl: tlsOptions(database.tls),
    extra: {
      statement_timeout: database.statementTimeoutMs,
      idleTimeoutMillis: IDLE_MS,
      keepAlive: true,
      keepAliveInitialDelayMillis: KEEP_ALIVE_MS,
      Client: impatientClient(database.statementTimeoutMs + ANSWER_MARGIN_MS),
    },
  };
}
