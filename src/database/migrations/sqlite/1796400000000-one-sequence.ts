import type { MigrationInterface, QueryRunner } from 'typeorm';

const COLUMNS =
  '"merchant_gateway_id", "merchant_id", "token_id", "correlation_id", "client_id", "payload", "received_at_ms", "id", "sequence"';

/** The highest number that any notification has had, those that are deleted by now included. */
const HIGHEST = `
  max(coalesce((SELECT max("last_sequence") FROM "tokens"), 0), coalesce((SELECT max("sequence") FROM "notifications"), 0))`;

/**
 * One sequence for all notifications in place of one for each token, and indexes in blocks of 8,192 of its numbers, so that to
 * record a notification changes no page far from the last one's. See docs/adr/0006-one-sequence.md.
 */
export class OneSequence1796400000000 implements MigrationInterface {
  readonly name = 'OneSequence1796400000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('CREATE TABLE "notification_sequence" ("last" bigint NOT NULL)');
    // From the next block on: the first one holds all that there was, however much that is.
    await runner.query(`INSERT INTO "notification_sequence" ("last") SELECT (${HIGHEST} + 8191) >> 13 << 13`);
    await runner.query('ALTER TABLE "tokens" DROP COLUMN "last_sequence"');
    await rebuild(runner, '');
    await runner.query(`
      CREATE INDEX "ix_notifications_token" ON "notifications" (("sequence" >> 13), "token_id")`);
    await runner.query(`
      CREATE INDEX "ix_notifications_correlation" ON "notifications" (("sequence" >> 13), "correlation_id")`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await rebuild(
      runner,
      'CONSTRAINT "uq_notifications_token_sequence" UNIQUE ("token_id", "merchant_gateway_id", "merchant_id", "sequence"),',
    );
    await runner.query('CREATE INDEX "ix_notifications_correlation" ON "notifications" ("correlation_id")');
    await runner.query('ALTER TABLE "tokens" ADD COLUMN "last_sequence" bigint NOT NULL DEFAULT (0)');
    await runner.query('UPDATE "tokens" SET "last_sequence" = (SELECT "last" FROM "notification_sequence")');
    await runner.query('DROP TABLE "notification_sequence"');
  }
}

/** SQLite changes no constraint of a table: what there is moves to another one. */
async function rebuild(runner: QueryRunner, unique: string): Promise<void> {
  await runner.query(`
    CREATE TABLE "notifications_rebuilt" (
      "merchant_gateway_id" varchar(10) NOT NULL,
      "merchant_id" varchar(11) NOT NULL,
      "token_id" varchar(48) NOT NULL,
      "correlation_id" varchar(64) NOT NULL,
      "client_id" varchar(128),
      "payload" text,
      "received_at_ms" bigint NOT NULL,
      "id" varchar NOT NULL,
      "sequence" bigint NOT NULL,
      ${unique}
      CONSTRAINT "pk_notifications" PRIMARY KEY ("id")
    ) WITHOUT ROWID
  `);
  await runner.query(`INSERT INTO "notifications_rebuilt" (${COLUMNS}) SELECT ${COLUMNS} FROM "notifications"`);
  await runner.query('DROP TABLE "notifications"');
  await runner.query('ALTER TABLE "notifications_rebuilt" RENAME TO "notifications"');
  await runner.query(`
    CREATE INDEX "ix_notifications_merchant" ON "notifications" ("merchant_gateway_id", "merchant_id", "id")`);
}
