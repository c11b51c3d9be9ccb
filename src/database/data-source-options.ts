import type { DataSourceOptions } from 'typeorm';
import type { DatabaseConfig } from '../config/gateway-config.js';
import { impatientClient } from './impatient-client.js';
import { postgresMigrations } from './migrations/postgres/index.js';
import { sqliteMigrations } from './migrations/sqlite/index.js';
import { QueryLogger } from './query-logger.js';
import { makeDurable } from './sqlite-connection.js';

const CONNECT_TIMEOUT_MS = 5000;
const STATEMENT_TIMEOUT_MS = 10_000;
/** A server that works answers before that, be it that the statement took too long. */
const ANSWER_TIMEOUT_MS = STATEMENT_TIMEOUT_MS + 2000;

/** TypeORM's options for the engine in use; the entities are added by whoever opens the data source. */
export function dataSourceOptions(database: DatabaseConfig): DataSourceOptions {
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
      migrations: sqliteMigrations,
      prepareDatabase: makeDurable,
    };
  }
  return {
    ...shared,
    type: 'postgres',
    url: database.url,
    poolSize: database.poolSize,
    applicationName: 'd1-merchant-gateway',
    migrations: postgresMigrations,
    installExtensions: false,
    connectTimeoutMS: CONNECT_TIMEOUT_MS,
    extra: { statement_timeout: STATEMENT_TIMEOUT_MS, keepAlive: true, Client: impatientClient(ANSWER_TIMEOUT_MS) },
  };
}
