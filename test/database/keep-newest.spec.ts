import 'reflect-metadata';
import { keepNewest, SequenceColumn } from '@gateway/merchant-kit';
import { Column, DataSource, Entity, PrimaryColumn, Unique, type MigrationInterface, type QueryRunner } from 'typeorm';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { loadConfig } from '../../src/config/load-config.js';
import { dataSourceOptions } from '../../src/database/data-source-options.js';
import { openDataSource } from '../../src/database/open-data-source.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';

@Entity('team_vault_cards')
@Unique('uq_team_vault_cards_account', ['account'])
class VaultCard {
  @PrimaryColumn({ name: 'token_id', type: 'varchar', length: 48, primaryKeyConstraintName: 'pk_team_vault_cards' })
  tokenId!: string;

  @SequenceColumn()
  sequence!: number;

  @Column({ type: 'varchar', length: 16 })
  account!: string;
}

class VaultCards1795700000001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE "team_vault_cards" (
        "token_id" varchar(48) NOT NULL, "sequence" bigint NOT NULL, "account" varchar(16) NOT NULL,
        CONSTRAINT "pk_team_vault_cards" PRIMARY KEY ("token_id"),
        CONSTRAINT "uq_team_vault_cards_account" UNIQUE ("account"))`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE "team_vault_cards"`);
  }
}

let database: TestDatabase;
let dataSource: DataSource;
beforeEach(async () => {
  database = await createTestDatabase();
  const migrations = { sqlite: [VaultCards1795700000001], postgres: [VaultCards1795700000001] };
  const options = dataSourceOptions(loadConfig(database.env).database, migrations);
  dataSource = await openDataSource({ ...options, entities: [VaultCard] });
});
afterEach(async () => {
  await dataSource.destroy();
  await database.drop();
});

const keep = (row: VaultCard): Promise<void> =>
  dataSource.transaction((manager) => keepNewest(manager, VaultCard, row));
const kept = (): Promise<VaultCard[]> => dataSource.getRepository(VaultCard).find({ order: { tokenId: 'ASC' } });

it('keeps the newest row of each token, whatever the order they come in', async () => {
  await keep({ tokenId: 'token-1', sequence: 2, account: 'second' });
  await keep({ tokenId: 'token-1', sequence: 1, account: 'first' });
  await keep({ tokenId: 'token-1', sequence: 2, account: 'repeat' });
  await keep({ tokenId: 'token-2', sequence: 1, account: 'other' });
  await keep({ tokenId: 'token-1', sequence: 10, account: 'tenth' });

  expect(await kept()).toEqual([
    { tokenId: 'token-1', sequence: 10, account: 'tenth' },
    { tokenId: 'token-2', sequence: 1, account: 'other' },
  ]);
});

it('says so where a row lacks what the table asks for', async () => {
  const row = { tokenId: 'token-1', sequence: 1, account: null as unknown as string };

  await expect(keep(row)).rejects.toThrow(/NOT NULL|not-null/);
  expect(await kept()).toEqual([]);
});

it.each([0, 1])('says so where another token has what must be unique, with %i rows of its own', async (own) => {
  await keep({ tokenId: 'token-1', sequence: 1, account: 'one' });
  if (own) await keep({ tokenId: 'token-2', sequence: 1, account: 'two' });
  const before = await kept();

  await expect(keep({ tokenId: 'token-2', sequence: 2, account: 'one' })).rejects.toThrow(/UNIQUE|unique/);
  expect(await kept()).toEqual(before);
});
