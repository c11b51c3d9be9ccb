import 'reflect-metadata';
import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest';
import type { DataSource } from 'typeorm';
import { createTestDatabase, openForInspection, type TestDatabase } from '../support/test-database.js';

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
});
