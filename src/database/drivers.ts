import type Sqlite from 'better-sqlite3';
import { createRequire } from 'node:module';
import type pg from 'pg';

const require = createRequire(import.meta.url);

/** Each engine's own driver, loaded by who has that engine: the other's would only make the start longer. */
export const loadPostgresDriver = (): typeof pg => require('pg') as typeof pg;
export const loadSqliteDriver = (): typeof Sqlite => require('better-sqlite3') as typeof Sqlite;
