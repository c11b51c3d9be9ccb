import { existsSync } from 'node:fs';
import { DataSource } from 'typeorm';
import { Clock } from '../../clock/clock.js';
import type { GatewayConfig } from '../../config/gateway-config.js';
import { dataSourceOptions } from '../../database/data-source-options.js';
import { assertDurable, schemaState } from '../../database/fitness.js';
import { asUnfit } from '../../database/unfit-database.js';
import { merchants } from '../../merchants.js';
import { schemaOf } from '../../teams/schema-of-teams.js';
import { errorLine } from '../error-line.js';
import { examineAuditOwner } from './audit-owner.js';
import { failure, ok, warning, type Finding } from './finding.js';
import { examineKeys } from './keys.js';

const OLDEST_POSTGRES = 140_000;
const SKEW_WARNING_MS = 1000;
const SKEW_FAILURE_MS = 10_000;

/** And what is kept in it: the keys. */
export async function examineDatabase(config: GatewayConfig): Promise<readonly Finding[]> {
  const { database } = config;
  if (database.engine === 'sqlite' && !existsSync(database.file)) {
    return [
      warning('database', 'There is none yet', 'd1-gateway migrate makes it, and so does the first start.'),
      ...(await examineKeys(config, undefined)),
    ];
  }
  const dataSource = new DataSource(dataSourceOptions(database, schemaOf(merchants).migrations));
  try {
    await dataSource.initialize();
  } catch (error) {
    return [
      failure(
        'database',
        `cannot be reached: ${errorLine(asUnfit(error))}`,
        'Check DATABASE_URL, that the server runs and lets this host in, and its TLS.',
      ),
    ];
  }
  try {
    const { pending, unknown } = await schemaState(dataSource);
    const engine = database.engine === 'sqlite' ? examineSqlite : examinePostgres;
    return [
      ...(await engine(dataSource, config)),
      schemaFinding(pending, unknown),
      ...(await examineKeys(config, pending.length === 0 ? dataSource : undefined)),
    ];
  } finally {
    await dataSource.destroy();
  }
}

function schemaFinding(pending: readonly string[], unknown: readonly string[]): Finding {
  const check = 'schema';
  if (unknown.length > 0)
    return failure(check, `is of a newer gateway (${unknown.join(', ')})`, 'Start that version, or a newer one.');
  if (pending.length > 0)
    return warning(check, `${pending.length} migrations are pending`, 'd1-gateway migrate, or start the gateway.');
  return ok(check, 'is up to date');
}

async function examineSqlite(dataSource: DataSource): Promise<Finding[]> {
  const [{ version } = { version: '?' }] = await dataSource.query<{ version: string }[]>(
    'select sqlite_version() as version',
  );
  const [{ journal_mode: journal } = { journal_mode: '' }] =
    await dataSource.query<{ journal_mode: string }[]>('pragma journal_mode');
  const [{ synchronous } = { synchronous: 0 }] =
    await dataSource.query<{ synchronous: number }[]>('pragma synchronous');
  const isDurable = journal === 'wal' && synchronous >= 2;
  return [
    ok('database', `SQLite ${version}`),
    isDurable
      ? ok('durability', 'every commit is synced (WAL, synchronous=FULL)')
      : failure(
          'durability',
          `journal_mode is ${journal}, synchronous is ${synchronous}`,
          'Put DATA_DIR on a local file system: WAL does not work on a network share.',
        ),
    ok('clock', "is the database's own"),
  ];
}

async function examinePostgres(dataSource: DataSource, { database }: GatewayConfig): Promise<Finding[]> {
  const [row] = await dataSource.query<{ version: string; number: string }[]>(
    `select current_setting('server_version') as version, current_setting('server_version_num') as number`,
  );
  const version = `PostgreSQL ${row?.version}`;
  return [
    Number(row?.number) >= OLDEST_POSTGRES
      ? ok('database', version)
      : failure('database', version, 'The gateway needs PostgreSQL 14 or newer.'),
    await durability(dataSource, database.engine === 'postgres' && database.unsafeDurabilityAccepted),
    await clockSkew(dataSource),
    ...(await examineAuditOwner(dataSource)),
  ];
}

async function durability(dataSource: DataSource, isAccepted: boolean): Promise<Finding> {
  const check = 'durability';
  try {
    await assertDurable(dataSource);
    return ok(check, 'fsync, full_page_writes and synchronous_commit are on');
  } catch (error) {
    const advice = 'Turn it on in postgresql.conf (and for the role: alter role … reset synchronous_commit).';
    return (isAccepted ? warning : failure)(check, errorLine(error), advice);
  }
}

async function clockSkew(dataSource: DataSource): Promise<Finding> {
  const clock = new Clock();
  const beforeMs = clock.nowMs();
  const [row] = await dataSource.query<{ now: string }[]>(
    'select (extract(epoch from clock_timestamp()) * 1000)::bigint as now',
  );
  // The server answered somewhere between the two.
  const halfwayMs = (beforeMs + clock.nowMs()) / 2;
  const skewMs = Math.round(Math.abs(Number(row?.now) - halfwayMs));
  const message = `differs from the database's by ${skewMs} ms`;
  const advice = 'Run NTP on both machines: access tokens and retry times depend on the clock.';
  if (skewMs >= SKEW_FAILURE_MS) return failure('clock', message, advice);
  return skewMs >= SKEW_WARNING_MS ? warning('clock', message, advice) : ok('clock', message);
}
