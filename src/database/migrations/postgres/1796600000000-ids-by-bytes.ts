import type { MigrationInterface, QueryRunner } from 'typeorm';

/** All that have such an id, but for the audit trail: another role may own it, and it is joined with none. */
const TABLES = [
  'merchant_gateways',
  'merchants',
  'tokens',
  'destinations',
  'notifications',
  'unmatched_notifications',
  'failed_notifications',
  'deliveries',
  'delivery_leases',
  'clients',
  'client_secrets',
  'client_merchant_gateways',
  'revoked_access_tokens',
];

/** Its ids that are text, with their types; those of notifications and the like are UUIDs. */
const TEXT_IDS = `
  select quote_ident(attname) as name, format_type(atttypid, atttypmod) as type
  from pg_attribute
  where attrelid = $1::regclass and attnum > 0 and not attisdropped and attcollation <> 0
    and attname in ('id', 'merchant_gateway_id', 'merchant_id', 'token_id', 'correlation_id', 'client_id')
  order by attnum`;

/**
 * Ids are compared as bytes (collation C), as on SQLite, and not by the rules of the database's language: a token is found in half the
 * time, both engines have one order, and a new version of the system's C library does not put an index out of order.
 *
 * Rows stay as they are; the indexes with such a column are built anew.
 */
export class IdsByBytes1796600000000 implements MigrationInterface {
  readonly name = 'IdsByBytes1796600000000';

  async up(runner: QueryRunner): Promise<void> {
    await setCollation(runner, 'C');
  }

  async down(runner: QueryRunner): Promise<void> {
    await setCollation(runner, 'default');
  }
}

async function setCollation(runner: QueryRunner, collation: 'C' | 'default'): Promise<void> {
  for (const table of TABLES) {
    const columns = (await runner.query(TEXT_IDS, [table])) as { name: string; type: string }[];
    const changes = columns.map(({ name, type }) => `ALTER COLUMN ${name} TYPE ${type} COLLATE "${collation}"`);
    await runner.query(`ALTER TABLE "${table}" ${changes.join(', ')}`);
  }
}
