import 'reflect-metadata';
import { randomUUID } from 'node:crypto';
import { v7 as uuidv7 } from 'uuid';
import { afterEach, beforeEach, expect, inject, it } from 'vitest';
import { DataSource, type MigrationInterface, type QueryRunner } from 'typeorm';
import { loadConfig } from '../../src/config/load-config.js';
import { dataSourceOptions } from '../../src/database/data-source-options.js';
import { openDataSource } from '../../src/database/open-data-source.js';
import { entities } from '../../src/entities.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';
import { TestGateway } from '../support/test-gateway.js';

let database: TestDatabase;
let dataSource: DataSource;

beforeEach(async () => {
  database = await createTestDatabase();
  dataSource = await openDataSource({ ...dataSourceOptions(loadConfig(database.env).database), entities });
});
afterEach(async () => {
  if (dataSource.isInitialized) await dataSource.destroy();
  await database.drop();
});

const drift = async (): Promise<string[]> =>
  (await dataSource.driver.createSchemaBuilder().log()).upQueries.map(({ query }) => query);

it('makes the schema that the entities describe', async () => {
  expect(await drift()).toEqual([]);
});

it('can be taken back to nothing, and applied again', async () => {
  for (const _migration of dataSource.migrations) await dataSource.undoLastMigration();
  const runner = dataSource.createQueryRunner();
  const left = await runner.getTables(dataSource.entityMetadatas.map(({ tableName }) => tableName));
  await runner.release();
  expect(left.map(({ name }) => name)).toEqual([]);

  await dataSource.runMigrations();

  expect(await drift()).toEqual([]);
});

it('knows in the TypeORM CLI the same tables as the application', async () => {
  const gateway = await TestGateway.start();
  const served = gateway.dataSource.entityMetadatas.map(({ tableName }) => tableName);
  await gateway.close();

  // Those of teams that src/merchants.ts lists are known wherever it is imported.
  const own = served.filter((name) => !name.startsWith('team_'));
  expect(own.toSorted()).toEqual(dataSource.entityMetadatas.map(({ tableName }) => tableName).toSorted());
});

it('is applied once by instances that start together', async () => {
  for (const _migration of dataSource.migrations) await dataSource.undoLastMigration();
  await dataSource.destroy();
  const options = { ...dataSourceOptions(loadConfig(database.env).database), entities };

  // SQLite is for one instance; on PostgreSQL they take turns.
  const together = options.type === 'postgres' ? 4 : 1;
  const opened = await Promise.all(Array.from({ length: together }, () => openDataSource(options)));

  const applied = await opened[0]?.query<object[]>('select * from migrations');
  expect(applied).toHaveLength(opened[0]?.migrations.length ?? -1);
  await Promise.all(opened.map((one) => one.destroy()));
});

it.runIf(inject('engine') === 'postgres')('may take longer than any statement of a request', async () => {
  let timeout: string | undefined;
  class Probe1999999999999 implements MigrationInterface {
    async up(runner: QueryRunner): Promise<void> {
      const [row] = (await runner.query('show statement_timeout')) as { statement_timeout: string }[];
      timeout = row?.statement_timeout;
    }
    async down(): Promise<void> {}
  }
  const options = dataSourceOptions(loadConfig(database.env).database);
  const migrations = [
    ...dataSource.migrations.map(({ constructor }) => constructor as new () => MigrationInterface),
    Probe1999999999999,
  ];

  const opened = await openDataSource({ ...options, migrations });

  expect(timeout).toBe('0');
  expect(await opened.query('show statement_timeout')).toEqual([{ statement_timeout: '10s' }]);
  await opened.destroy();
});

it.runIf(inject('engine') === 'postgres')('puts what there is into partitions, and takes it out again', async () => {
  const later =
    dataSource.migrations.length - dataSource.migrations.findIndex(({ name }) => name?.startsWith('Partitions'));
  for (let undone = 0; undone < later; undone += 1) await dataSource.undoLastMigration();
  const times = [Date.now(), Date.now() - 100 * 86_400_000, 'no time'] as const;
  const ids = times.map((msecs) => (msecs === 'no time' ? randomUUID() : uuidv7({ msecs })));
  for (const [index, id] of ids.entries()) {
    await dataSource.query(
      `insert into notifications (id, merchant_gateway_id, merchant_id, token_id, sequence, correlation_id, received_at_ms)
       values ($1, 'MGW_000001', '10610027312', 'token', $2, 'c-1', 0)`,
      [id, index],
    );
  }
  const places = (): Promise<{ place: string }[]> =>
    dataSource.query('select tableoid::regclass::text as place from notifications order by sequence');

  await dataSource.runMigrations();
  const partitions = (await places()).map(({ place }) => place);
  for (let undone = 0; undone < later; undone += 1) await dataSource.undoLastMigration();

  expect(partitions).toEqual([
    expect.stringMatching(/^notifications_p\d{8}$/),
    expect.stringMatching(/^notifications_p\d{8}$/),
    'notifications_default',
  ]);
  expect(new Set(partitions).size).toBe(3);
  expect(await places()).toEqual(ids.map(() => ({ place: 'notifications' })));
});

it('numbers on above what any token had, whether its notifications are still there or not', async () => {
  const later =
    dataSource.migrations.length - dataSource.migrations.findIndex(({ name }) => name?.startsWith('OneSequence'));
  const undo = async (): Promise<void> => {
    for (let undone = 0; undone < later; undone += 1) await dataSource.undoLastMigration();
  };
  await undo();
  await dataSource.query(`insert into merchant_gateways (id, name) values ('MGW_000001', 'PSP')`);
  await dataSource.query(
    `insert into merchants (merchant_gateway_id, id, name) values ('MGW_000001', '10610027312', 'Shop')`,
  );
  await dataSource.query(
    `insert into tokens (merchant_gateway_id, merchant_id, id, last_sequence, registered_at_ms)
     values ('MGW_000001', '10610027312', 'often', 9000, 0), ('MGW_000001', '10610027312', 'once', 1, 0)`,
  );
  await dataSource.query(
    `insert into notifications (id, merchant_gateway_id, merchant_id, token_id, sequence, correlation_id, received_at_ms)
     values ('${uuidv7()}', 'MGW_000001', '10610027312', 'once', 1, 'c-1', 0)`,
  );

  await dataSource.runMigrations();
  const [{ number } = { number: 0 }] = await dataSource.query<{ number: number | string }[]>(
    inject('engine') === 'sqlite'
      ? 'select last + 1 as number from notification_sequence'
      : `select nextval('notification_sequence') as number`,
  );
  const kept = await dataSource.query<{ sequence: number | string }[]>('select sequence from notifications');
  await undo();

  // SQLite begins a new block of its indexes.
  expect(Number(number)).toBe(inject('engine') === 'sqlite' ? 16_385 : 9001);
  expect(kept.map(({ sequence }) => Number(sequence))).toEqual([1]);
  const tokens = await dataSource.query<{ last_sequence: number | string }[]>('select last_sequence from tokens');
  for (const { last_sequence: last } of tokens) expect(Number(last)).toBeGreaterThanOrEqual(9000);
});
