import type { MigrationInterface, QueryRunner } from 'typeorm';

export class PausedDestinations1796100000000 implements MigrationInterface {
  readonly name = 'PausedDestinations1796100000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE "destinations" ADD COLUMN "paused_at_ms" bigint`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE "destinations" DROP COLUMN "paused_at_ms"`);
  }
}
