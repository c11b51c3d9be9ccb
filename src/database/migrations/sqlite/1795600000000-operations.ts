import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Operations1795600000000 implements MigrationInterface {
  readonly name = 'Operations1795600000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE "destination_disabled_periods" (
        "destination_id" varchar NOT NULL,
        "from_ms" bigint NOT NULL,
        "until_ms" bigint NOT NULL,
        CONSTRAINT "pk_destination_disabled_periods" PRIMARY KEY ("destination_id", "from_ms")
      ) WITHOUT ROWID
    `);
    await runner.query(`CREATE INDEX "ix_notifications_correlation" ON "notifications" ("correlation_id")`);
    await runner.query(`
      CREATE INDEX "ix_notifications_merchant" ON "notifications" ("merchant_gateway_id", "merchant_id", "id")
    `);
    await runner.query(`CREATE INDEX "ix_deliveries_dead" ON "deliveries" ("id") WHERE state = 'dead'`);
    await runner.query(`CREATE INDEX "ix_deliveries_cancelled" ON "deliveries" ("id") WHERE state = 'cancelled'`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX "ix_deliveries_cancelled"');
    await runner.query('DROP INDEX "ix_deliveries_dead"');
    await runner.query('DROP INDEX "ix_notifications_merchant"');
    await runner.query('DROP INDEX "ix_notifications_correlation"');
    await runner.query('DROP TABLE "destination_disabled_periods"');
  }
}
