import type { MigrationInterface, QueryRunner } from 'typeorm';

const TOKEN_SEQUENCE = '"token_id", "merchant_gateway_id", "merchant_id", "sequence", "id"';

/**
 * One sequence for all notifications in place of one for each token: recording a notification locks and changes no token.
 * See docs/adr/0006-one-sequence.md.
 */
export class OneSequence1796400000000 implements MigrationInterface {
  readonly name = 'OneSequence1796400000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('CREATE SEQUENCE "notification_sequence"');
    // Above any number that a notification has had, those that are deleted by now included.
    await runner.query(`
      SELECT setval('notification_sequence', greatest(highest, 1), highest > 0) FROM (
        SELECT greatest(
          coalesce((SELECT max("last_sequence") FROM "tokens"), 0),
          coalesce((SELECT max("sequence") FROM "notifications"), 0)) AS highest) numbers`);
    await runner.query('ALTER TABLE "tokens" DROP COLUMN "last_sequence"');
    await runner.query('ALTER TABLE "notifications" DROP CONSTRAINT "uq_notifications_token_sequence"');
    await runner.query('CREATE INDEX "ix_notifications_token" ON "notifications" ("token_id")');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX "ix_notifications_token"');
    await runner.query(
      `ALTER TABLE "notifications" ADD CONSTRAINT "uq_notifications_token_sequence" UNIQUE (${TOKEN_SEQUENCE})`,
    );
    await runner.query(`ALTER TABLE "tokens" ADD COLUMN "last_sequence" bigint NOT NULL DEFAULT '0'`);
    await runner.query(`UPDATE "tokens" SET "last_sequence" = (SELECT last_value FROM "notification_sequence")`);
    await runner.query('DROP SEQUENCE "notification_sequence"');
  }
}
