import type { MigrationInterface, QueryRunner } from 'typeorm';

export class RegistryApi1795800000000 implements MigrationInterface {
  readonly name = 'RegistryApi1795800000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE "client_secrets" ADD COLUMN "expires_at_ms" bigint');
    await runner.query('ALTER TABLE "client_secrets" ADD COLUMN "last_used_at_ms" bigint');
    await runner.query('ALTER TABLE "signing_keys" ADD COLUMN "signs_from_ms" bigint');
    await runner.query('ALTER TABLE "signing_keys" ADD COLUMN "retired_at_ms" bigint');
    await runner.query(`CREATE UNIQUE INDEX "uq_signing_keys_next" ON "signing_keys" ("state") WHERE state = 'next'`);
    await runner.query('ALTER TABLE "destinations" ADD COLUMN "deleted_at_ms" bigint');
    await runner.query('ALTER TABLE "failed_notifications" ADD COLUMN "replayed_at_ms" bigint');
    await runner.query(`
      CREATE INDEX "ix_unmatched_notifications_open_id" ON "unmatched_notifications" ("id") WHERE notification_id is null
    `);
    await runner.query(`
      CREATE TABLE "audit_entries" (
        "id" uuid NOT NULL,
        "at_ms" bigint NOT NULL,
        "client_id" varchar(128) NOT NULL,
        "remote_address" varchar(64) NOT NULL,
        "correlation_id" varchar(64) NOT NULL,
        "action" varchar(64) NOT NULL,
        "merchant_gateway_id" varchar(10),
        "target" varchar(512) NOT NULL,
        "before" text,
        "after" text,
        CONSTRAINT "pk_audit_entries" PRIMARY KEY ("id")
      )
    `);
    await runner.query(`CREATE INDEX "ix_audit_entries_gateway" ON "audit_entries" ("merchant_gateway_id", "id")`);
    await runner.query(`
      CREATE FUNCTION "refuse_audit_change"() RETURNS trigger LANGUAGE plpgsql AS
      $$ BEGIN RAISE EXCEPTION 'audit_entries is append-only'; END $$
    `);
    await runner.query(`
      CREATE TRIGGER "tr_audit_entries" BEFORE UPDATE OR DELETE ON "audit_entries"
      FOR EACH ROW EXECUTE FUNCTION "refuse_audit_change"()
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE "audit_entries"');
    await runner.query('DROP FUNCTION "refuse_audit_change"');
    await runner.query('DROP INDEX "ix_unmatched_notifications_open_id"');
    await runner.query('ALTER TABLE "failed_notifications" DROP COLUMN "replayed_at_ms"');
    await runner.query('ALTER TABLE "destinations" DROP COLUMN "deleted_at_ms"');
    await runner.query('DROP INDEX "uq_signing_keys_next"');
    await runner.query('ALTER TABLE "signing_keys" DROP COLUMN "retired_at_ms"');
    await runner.query('ALTER TABLE "signing_keys" DROP COLUMN "signs_from_ms"');
    await runner.query('ALTER TABLE "client_secrets" DROP COLUMN "last_used_at_ms"');
    await runner.query('ALTER TABLE "client_secrets" DROP COLUMN "expires_at_ms"');
  }
}
