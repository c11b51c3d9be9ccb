import type { MigrationInterface, QueryRunner } from 'typeorm';

const COLUMNS =
  '"merchant_gateway_id", "merchant_id", "token_id", "correlation_id", "client_id", "payload", "received_at_ms", "id", "sequence"';

/** The same index, which begins with the token now: it is found without its merchant, and a row costs no more to write. */
export class FindByToken1796250000000 implements MigrationInterface {
  readonly name = 'FindByToken1796250000000';

  async up(runner: QueryRunner): Promise<void> {
    await rebuild(runner, '"token_id", "merchant_gateway_id", "merchant_id", "sequence"');
  }

  async down(runner: QueryRunner): Promise<void> {
    await rebuild(runner, '"merchant_gateway_id", "merchant_id", "token_id", "sequence"');
  }
}

/** SQLite changes no constraint of a table: what there is moves to another one. */
async function rebuild(runner: QueryRunner, uniqueColumns: string): Promise<void> {
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
      CONSTRAINT "uq_notifications_token_sequence" UNIQUE (${uniqueColumns}),
      CONSTRAINT "pk_notifications" PRIMARY KEY ("id")
    ) WITHOUT ROWID
  `);
  await runner.query(`INSERT INTO "notifications_rebuilt" (${COLUMNS}) SELECT ${COLUMNS} FROM "notifications"`);
  await runner.query('DROP TABLE "notifications"');
  await runner.query('ALTER TABLE "notifications_rebuilt" RENAME TO "notifications"');
  await runner.query('CREATE INDEX "ix_notifications_correlation" ON "notifications" ("correlation_id")');
  await runner.query(`
    CREATE INDEX "ix_notifications_merchant" ON "notifications" ("merchant_gateway_id", "merchant_id", "id")
  `);
}
