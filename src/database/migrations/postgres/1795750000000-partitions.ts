import type { MigrationInterface, QueryRunner } from 'typeorm';
import {
  defaultPartition,
  lowestId,
  PARTITION_KEYS,
  PARTITIONED_TABLES,
  partitionName,
  periodAt,
  periodsFrom,
  type PartitionedTable,
} from '../../partitions/periods.js';

const PERIODS_AHEAD = 3;

const COLUMNS: Readonly<Record<PartitionedTable, string>> = {
  notifications: `
    "merchant_gateway_id" character varying(10) NOT NULL,
    "merchant_id" character varying(11) NOT NULL,
    "token_id" character varying(48) NOT NULL,
    "correlation_id" character varying(64) NOT NULL,
    "client_id" character varying(128),
    "payload" text,
    "received_at_ms" bigint NOT NULL,
    "id" uuid NOT NULL,
    "sequence" bigint NOT NULL`,
  deliveries: `
    "id" uuid NOT NULL,
    "notification_id" uuid NOT NULL,
    "destination_id" uuid NOT NULL,
    "token_id" character varying(48) NOT NULL,
    "sequence" bigint NOT NULL,
    "state" character varying(16) NOT NULL,
    "attempts" bigint NOT NULL DEFAULT '0',
    "due_at_ms" bigint NOT NULL,
    "lease_owner" character varying(36),
    "lease_until_ms" bigint,
    "created_at_ms" bigint NOT NULL,
    "settled_at_ms" bigint,
    "last_reason" text`,
  delivery_attempts: `
    "delivery_id" uuid NOT NULL,
    "id" uuid NOT NULL,
    "attempt" bigint NOT NULL,
    "started_at_ms" bigint NOT NULL,
    "duration_ms" bigint NOT NULL,
    "outcome" character varying(16) NOT NULL,
    "status_code" bigint,
    "reason" text`,
};

const PRIMARY_KEYS: Readonly<Record<PartitionedTable, string>> = {
  notifications: '"id"',
  deliveries: '"id"',
  delivery_attempts: '"delivery_id", "id"',
};

const TOKEN_SEQUENCE = '"merchant_gateway_id", "merchant_id", "token_id", "sequence"';

const INDEXES = [
  `CREATE INDEX "ix_notifications_correlation" ON "notifications" ("correlation_id")`,
  `CREATE INDEX "ix_notifications_merchant" ON "notifications" ("merchant_gateway_id", "merchant_id", "id")`,
  `CREATE INDEX "ix_deliveries_notification" ON "deliveries" ("notification_id")`,
  `CREATE INDEX "ix_deliveries_due" ON "deliveries" ("destination_id", "due_at_ms", "sequence") WHERE state = 'pending'`,
  `CREATE INDEX "ix_deliveries_token" ON "deliveries" ("destination_id", "token_id", "sequence") WHERE state = 'pending'`,
  `CREATE INDEX "ix_deliveries_dead" ON "deliveries" ("id") WHERE state = 'dead'`,
  `CREATE INDEX "ix_deliveries_cancelled" ON "deliveries" ("id") WHERE state = 'cancelled'`,
];

/** What a unique index cannot hold over partitions: of a token and destination one delivery is tried at a time. */
const LEASES = `
  CREATE TABLE "delivery_leases" (
    "destination_id" uuid NOT NULL,
    "token_id" character varying(48) NOT NULL,
    "delivery_id" uuid NOT NULL,
    "lease_owner" character varying(36) NOT NULL,
    "lease_until_ms" bigint NOT NULL,
    CONSTRAINT "pk_delivery_leases" PRIMARY KEY ("destination_id", "token_id")
  ) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000)`;

/** Partitions what grows with every notification. See docs/adr/0005-partitions.md. */
export class Partitions1795750000000 implements MigrationInterface {
  readonly name = 'Partitions1795750000000';

  async up(runner: QueryRunner): Promise<void> {
    const periods = new Map(periodsFrom(Date.now(), PERIODS_AHEAD).map((period) => [period.startMs, period]));
    for (const ms of await timesIn(runner)) periods.set(periodAt(ms).startMs, periodAt(ms));
    for (const table of PARTITIONED_TABLES) {
      await setAside(runner, table);
      await runner.query(`CREATE TABLE "${table}" (${COLUMNS[table]}) PARTITION BY RANGE ("${PARTITION_KEYS[table]}")`);
      await runner.query(`CREATE TABLE "${defaultPartition(table)}" PARTITION OF "${table}" DEFAULT`);
      for (const period of periods.values()) {
        await runner.query(
          `CREATE TABLE "${partitionName(table, period)}" PARTITION OF "${table}"
           FOR VALUES FROM ('${lowestId(period.startMs)}') TO ('${lowestId(period.endMs)}')`,
        );
      }
      await takeBack(runner, table);
    }
    // The name is what TypeORM compares; with the id, since a unique constraint must have the partition's key in it.
    await runner.query(
      `ALTER TABLE "notifications" ADD CONSTRAINT "uq_notifications_token_sequence" UNIQUE (${TOKEN_SEQUENCE}, "id")`,
    );
    for (const index of INDEXES) await runner.query(index);
    await runner.query(LEASES);
    await runner.query(`
      INSERT INTO "delivery_leases" ("destination_id", "token_id", "delivery_id", "lease_owner", "lease_until_ms")
      SELECT "destination_id", "token_id", "id", "lease_owner", "lease_until_ms" FROM "deliveries" WHERE "lease_owner" IS NOT NULL`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE "delivery_leases"');
    for (const table of PARTITIONED_TABLES) {
      await setAside(runner, table);
      await runner.query(`CREATE TABLE "${table}" (${COLUMNS[table]})`);
      await takeBack(runner, table);
    }
    await runner.query(
      `ALTER TABLE "notifications" ADD CONSTRAINT "uq_notifications_token_sequence" UNIQUE (${TOKEN_SEQUENCE})`,
    );
    for (const index of INDEXES) await runner.query(index);
    await runner.query(`
      CREATE UNIQUE INDEX "uq_deliveries_leased_token" ON "deliveries" ("destination_id", "token_id")
        WHERE lease_owner is not null`);
  }
}

/** Renamed, and without the names that its successor gets. */
async function setAside(runner: QueryRunner, table: PartitionedTable): Promise<void> {
  await runner.query(`ALTER TABLE "${table}" RENAME TO "${table}_before"`);
  await runner.query(`ALTER TABLE "${table}_before" DROP CONSTRAINT "pk_${table}"`);
  if (table === 'notifications') {
    await runner.query(`ALTER TABLE "${table}_before" DROP CONSTRAINT "uq_notifications_token_sequence"`);
  }
  const indexes = (await runner.query(
    'SELECT indexname FROM pg_indexes WHERE schemaname = current_schema() AND tablename = $1',
    [`${table}_before`],
  )) as { indexname: string }[];
  for (const { indexname } of indexes) await runner.query(`DROP INDEX "${indexname}"`);
}

async function takeBack(runner: QueryRunner, table: PartitionedTable): Promise<void> {
  const columns = [...COLUMNS[table].matchAll(/"(\w+)"/g)].map(([column]) => column).join();
  await runner.query(`INSERT INTO "${table}" (${columns}) SELECT ${columns} FROM "${table}_before"`);
  await runner.query(`DROP TABLE "${table}_before"`);
  await runner.query(`ALTER TABLE "${table}" ADD CONSTRAINT "pk_${table}" PRIMARY KEY (${PRIMARY_KEYS[table]})`);
}

/** A time of each week of which there is something, by the ids of version 7; what has another id goes by default. */
async function timesIn(runner: QueryRunner): Promise<number[]> {
  const rows = (await runner.query(
    `
    SELECT DISTINCT week * 604800000 AS ms FROM (
      SELECT ('x' || left(replace(id::text, '-', ''), 12))::bit(48)::bigint / 604800000 AS week
      FROM notifications WHERE substr(id::text, 15, 1) = '7') weeks
    WHERE week * 604800000 BETWEEN 1577836800000 AND $1`,
    [Date.now()],
  )) as { ms: string }[];
  return rows.map(({ ms }) => Number(ms));
}
