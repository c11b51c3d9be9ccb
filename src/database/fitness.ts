import type { DataSource } from 'typeorm';
import { UnfitDatabase } from './unfit-database.js';

/** With these off a server forgets, after a crash, what it has said is committed; and D1 was told 204. */
const DURABILITY_SETTINGS = ['fsync', 'full_page_writes', 'synchronous_commit'];

/** @throws UnfitDatabase where commits may be forgotten */
export async function assertDurable(dataSource: DataSource): Promise<void> {
  const off = await dataSource.query<{ name: string }[]>(
    `select name from pg_settings where name = any($1) and setting = 'off' order by name`,
    [DURABILITY_SETTINGS],
  );
  if (off.length === 0) return;
  const names = off.map(({ name }) => name).join(', ');
  throw new UnfitDatabase(
    `PostgreSQL has ${names} off: a crash of the server could take back notifications that D1 was told are kept. ` +
      'Turn it on, or set DATABASE_UNSAFE_DURABILITY=accepted.',
  );
}

/** @throws UnfitDatabase where a newer gateway has changed the schema */
export async function assertKnownSchema(dataSource: DataSource): Promise<void> {
  const { unknown } = await schemaState(dataSource);
  if (unknown.length === 0) return;
  throw new UnfitDatabase(
    `The database has been migrated by a newer gateway (${unknown.join(', ')}). Start that version, or a newer one.`,
  );
}

/** @throws UnfitDatabase where migrations are pending */
export async function assertCurrentSchema(dataSource: DataSource): Promise<void> {
  const { pending } = await schemaState(dataSource);
  if (pending.length === 0) return;
  throw new UnfitDatabase(
    `The database has ${pending.length} pending migrations. Run d1-gateway migrate, or start the gateway.`,
  );
}

/** Names of migrations. */
export interface SchemaState {
  readonly applied: readonly string[];
  readonly pending: readonly string[];
  /** Of a newer gateway. */
  readonly unknown: readonly string[];
}

export async function schemaState(dataSource: DataSource): Promise<SchemaState> {
  const applied = await appliedMigrations(dataSource);
  const known = dataSource.migrations.map(({ name, constructor }) => name ?? constructor.name);
  return {
    applied,
    pending: known.filter((name) => !applied.includes(name)),
    unknown: applied.filter((name) => !known.includes(name)),
  };
}

async function appliedMigrations(dataSource: DataSource): Promise<string[]> {
  const table = dataSource.options.migrationsTableName ?? 'migrations';
  const runner = dataSource.createQueryRunner();
  try {
    if (!(await runner.hasTable(table))) return [];
    const rows = (await runner.query(`select name from ${table} order by id`)) as { name: string }[];
    return rows.map(({ name }) => name);
  } finally {
    await runner.release();
  }
}
