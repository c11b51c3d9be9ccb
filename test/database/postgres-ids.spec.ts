import 'reflect-metadata';
import { v7 as uuidv7 } from 'uuid';
import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest';
import type { DataSource } from 'typeorm';
import { RECORD_BATCH } from '../../src/tokens/repository/postgres-statements.js';
import { createTestDatabase, openForInspection, type TestDatabase } from '../support/test-database.js';

const GATEWAY = 'MGW_000001';
const CALL = [[uuidv7()], [GATEWAY], ['00000000001'], ['token-1'], ['c-1'], ['d1'], [null], [Date.now()], [true]];

describe.runIf(inject('engine') === 'postgres')('the ids of D1, of merchants and of clients', () => {
  let database: TestDatabase;
  let dataSource: DataSource;

  beforeEach(async () => {
    database = await createTestDatabase();
    dataSource = await openForInspection(database.env);
  });
  afterEach(async () => {
    await dataSource.destroy();
    await database.drop();
  });

  it('are compared as bytes in every table, as a join of two collations could use no index', async () => {
    const columns = await dataSource.query<{ place: string; collation: string }[]>(`
      select c.relname || '.' || a.attname as place, l.collname as collation
      from pg_attribute a join pg_class c on c.oid = a.attrelid join pg_collation l on l.oid = a.attcollation
      where c.relkind in ('r', 'p') and c.relnamespace = 'public'::regnamespace
        and a.attname in ('id', 'merchant_gateway_id', 'merchant_id', 'token_id', 'correlation_id', 'client_id')
        and c.relname not like 'team\\_%' and c.relname <> 'audit_entries'`);

    expect(columns.map(({ place }) => place)).toEqual(
      expect.arrayContaining([
        'tokens.id',
        'notifications.token_id',
        'deliveries_default.token_id',
        'clients.client_id',
      ]),
    );
    expect(columns.filter(({ collation }) => collation !== 'C')).toEqual([]);
  });

  it('find a token by its key, where PostgreSQL takes each merchant to have one token, too', async () => {
    await dataSource.query('alter table tokens set (autovacuum_enabled = off)');
    await dataSource.query(`insert into merchant_gateways (id, name) values ('${GATEWAY}', 'PSP')`);
    await dataSource.query(`
      insert into merchants (merchant_gateway_id, id, name)
      select '${GATEWAY}', lpad(n::text, 11, '0'), 'Shop' from generate_series(1, 5000) n`);
    await dataSource.query(`
      insert into tokens (merchant_gateway_id, merchant_id, id, registered_at_ms)
      select merchant_gateway_id, id, 'token-' || id, 0 from merchants`);
    await dataSource.query('analyze tokens');

    const plan = await dataSource.query<{ 'QUERY PLAN': string }[]>(`explain ${RECORD_BATCH}`, CALL);
    const lines = plan.map((line) => line['QUERY PLAN']).filter((line) => / on tokens t/.test(line));

    expect(lines).toEqual([expect.stringMatching(/Index (Only )?Scan using pk_tokens on tokens t/)]);
  });
});
