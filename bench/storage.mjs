// `npm run bench:storage`: how many bytes a notification, its delivery and its attempt take on disk, indexes included, after a
// row's whole life (recorded, claimed, delivered). docs/scaling.md reckons with it. The database must be empty.
//   DATA_DIR=/tmp/storage npm run bench:storage                SQLite
//   DATABASE_URL=postgres://… npm run bench:storage            PostgreSQL
//   STORAGE_ROWS=100000 …                                      fewer than a million
import 'reflect-metadata';
import { mkdirSync } from 'node:fs';
import { v4 as uuidv4, v7 as uuidv7 } from 'uuid';

const ROWS = Number(process.env.STORAGE_ROWS ?? 1_000_000);
const BATCH = 500;
const TABLES = ['tokens', 'notifications', 'deliveries', 'delivery_attempts'];
const GATEWAY = 'MGW_000001';
const MERCHANT = '10610027312';
const DESTINATION = uuidv7();
const OWNER = uuidv7();

mkdirSync(process.env.DATA_DIR ?? 'data', { recursive: true });
const { default: dataSource } = await import('../dist/ormconfig.js');
await dataSource.initialize();
await dataSource.runMigrations();
const isPostgres = dataSource.options.type === 'postgres';

let lastSequence = 0;
await addRegistry();
const walBefore = isPostgres && (await one('select pg_current_wal_lsn() as value'));
const startedMs = performance.now();
for (let from = 0; from < ROWS; from += BATCH) await liveThrough(Math.min(BATCH, ROWS - from));
console.log(
  `${ROWS} notifications, each of a token of its own, ${Math.round((performance.now() - startedMs) / 1000)} s`,
);
await (isPostgres ? reportPostgres() : reportSqlite());
await dataSource.destroy();

async function addRegistry() {
  const nowMs = Date.now();
  await insert(dataSource, 'merchant_gateways', { id: GATEWAY, name: 'Storage PSP' });
  await insert(dataSource, 'merchants', { merchant_gateway_id: GATEWAY, id: MERCHANT, name: 'Storage shop' });
  await insert(dataSource, 'destinations', {
    id: DESTINATION,
    merchant_gateway_id: GATEWAY,
    merchant_id: MERCHANT,
    name: 'main',
    kind: 'webhook',
    url: 'https://shop.example/d1',
    created_at_ms: nowMs,
  });
}

/** As the intake, a dispatcher's claim and its settlement write: three transactions. */
async function liveThrough(count) {
  const nowMs = Date.now();
  const token = { merchant_gateway_id: GATEWAY, merchant_id: MERCHANT };
  const calls = Array.from({ length: count }, () => ({
    id: uuidv7(),
    delivery: uuidv7(),
    token: uuidv4(),
    sequence: (lastSequence += 1),
  }));
  await insertAll('tokens', calls, (call) => ({ ...token, id: call.token, registered_at_ms: nowMs }));
  await dataSource.transaction(async (manager) => {
    const call = (row) => ({
      ...token,
      id: row.id,
      token_id: row.token,
      sequence: row.sequence,
      received_at_ms: nowMs,
    });
    const more = () => ({ correlation_id: uuidv4(), client_id: 'is_tbank01' });
    await insert(manager, 'notifications', ...calls.map((row) => ({ ...call(row), ...more() })));
    await insert(manager, 'deliveries', ...calls.map((row) => delivery(row, nowMs)));
  });
  const these = `where id in (${list(calls, 'delivery')})`;
  await dataSource.query(`update deliveries set lease_owner = '${OWNER}', lease_until_ms = ${nowMs + 60_000} ${these}`);
  await dataSource.transaction(async (manager) => {
    await insert(manager, 'delivery_attempts', ...calls.map((row) => attempt(row, nowMs)));
    await manager.query(
      `update deliveries set state = 'delivered', attempts = 1, settled_at_ms = ${nowMs}, lease_owner = null,
         lease_until_ms = null ${these}`,
    );
  });
}

function delivery(row, nowMs) {
  return {
    id: row.delivery,
    notification_id: row.id,
    destination_id: DESTINATION,
    token_id: row.token,
    sequence: row.sequence,
    state: 'pending',
    due_at_ms: nowMs,
    created_at_ms: nowMs,
  };
}

function attempt(row, nowMs) {
  return {
    delivery_id: row.delivery,
    id: uuidv7(),
    attempt: 1,
    started_at_ms: nowMs,
    duration_ms: 12,
    outcome: 'delivered',
    status_code: 204,
  };
}

/** Ids made here, so that they need no parameters. */
function list(rows, field) {
  return rows.map((row) => `'${row[field]}'`).join(',');
}

function insertAll(table, rows, toRow) {
  return insert(dataSource, table, ...rows.map(toRow));
}

async function insert(runner, table, ...rows) {
  const columns = Object.keys(rows[0]);
  let parameter = 0;
  const placeholder = () => (isPostgres ? `$${(parameter += 1)}` : '?');
  const values = rows.map(() => `(${columns.map(placeholder).join(',')})`).join(',');
  await runner.query(
    `insert into ${table} (${columns.join(',')}) values ${values}`,
    rows.flatMap((row) => columns.map((column) => row[column])),
  );
}

async function one(sql) {
  return (await dataSource.query(sql))[0].value;
}

async function reportPostgres() {
  const wal = Number(await one(`select pg_wal_lsn_diff(pg_current_wal_lsn(), '${walBefore}') as value`));
  // Of a partitioned table its partitions have the size.
  const size = (table, kind) =>
    one(
      `select ${kind}('${table}') + coalesce(sum(${kind}(p.relid)), 0) as value from pg_partition_tree('${table}') p`,
    ).then(Number);
  for (const table of TABLES) row(table, await size(table, 'pg_table_size'), await size(table, 'pg_indexes_size'));
  console.log(`write-ahead log     ${Math.round(wal / ROWS)} bytes a notification`);
  console.log(await one('select version() as value'));
}

async function reportSqlite() {
  const size = (which) =>
    one(`select coalesce(sum(d.pgsize), 0) as value from dbstat d join sqlite_schema s on s.name = d.name ${which}`);
  for (const table of TABLES) {
    const ofTable = `where s.tbl_name = '${table}' and s.type =`;
    row(table, await size(`${ofTable} 'table'`), await size(`${ofTable} 'index'`));
  }
  console.log(`SQLite ${await one('select sqlite_version() as value')}`);
}

function row(table, tableBytes, indexBytes) {
  const perRow = (bytes) => String(Math.round(bytes / ROWS)).padStart(6);
  console.log(`${table.padEnd(18)}  table ${perRow(tableBytes)}  indexes ${perRow(indexBytes)}  bytes a row`);
}
