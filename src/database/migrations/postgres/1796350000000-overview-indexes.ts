import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What the overview counts: deliveries by when they were made, and those given up by destination. */
export class OverviewIndexes1796350000000 implements MigrationInterface {
  readonly name = 'OverviewIndexes1796350000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      `CREATE INDEX "ix_deliveries_delivered" ON "deliveries" ("settled_at_ms") WHERE state = 'delivered'`,
    );
    await runner.query(
      `CREATE INDEX "ix_deliveries_dead_destination" ON "deliveries" ("destination_id", "id") WHERE state = 'dead'`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP INDEX "ix_deliveries_dead_destination"`);
    await runner.query(`DROP INDEX "ix_deliveries_delivered"`);
  }
}
