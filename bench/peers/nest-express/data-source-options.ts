import type { DataSourceOptions } from 'typeorm';
import { Notification, Token } from './entities.js';

const { DATABASE_URL, DATABASE_FILE = '' } = process.env;
const shared = { entities: [Token, Notification], synchronize: true };

/** Ten connections, or one file; as durable as the gateway's. */
export const dataSourceOptions: DataSourceOptions = DATABASE_URL
  ? {
      ...shared,
      type: 'postgres',
      url: DATABASE_URL,
      poolSize: 10,
      uuidExtension: 'pgcrypto',
      installExtensions: false,
    }
  : {
      ...shared,
      type: 'better-sqlite3',
      database: DATABASE_FILE,
      enableWAL: true,
      prepareDatabase: (connection: { pragma(text: string): void }) => connection.pragma('synchronous = FULL'),
    };
