import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Deliveries1795500000000 implements MigrationInterface {
  readonly name = 'Deliveries1795500000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE "merchants" ADD COLUMN "delivery_mode" varchar(16) NOT NULL DEFAULT ('deferred')`);
    await runner.query(`
      CREATE TABLE "destinations" (
        "id" varchar NOT NULL,
        "merchant_gateway_id" varchar(10) NOT NULL,
        "merchant_id" varchar(11) NOT NULL,
        "name" varchar(64) NOT NULL,
        "kind" varchar(16) NOT NULL,
        "url" text,
        "encrypted_secrets" text,
        "handler" varchar(64),
        "rate_per_second" bigint,
        "coalesce" boolean NOT NULL DEFAULT (0),
        "created_at_ms" bigint NOT NULL,
        "disabled_at_ms" bigint,
        CONSTRAINT "uq_destinations_name" UNIQUE ("merchant_gateway_id", "merchant_id", "name"),
        CONSTRAINT "fk_destinations_merchant" FOREIGN KEY ("merchant_gateway_id", "merchant_id") REFERENCES "merchants" ("merchant_gateway_id", "id") ON DELETE NO ACTION ON UPDATE NO ACTION,
        CONSTRAINT "pk_destinations" PRIMARY KEY ("id")
      )
    `);
    await runner.query(`
      CREATE TABLE "deliveries" (
        "id" varchar NOT NULL,
        "notification_id" varchar NOT NULL,
        "destination_id" varchar NOT NULL,
        "token_id" varchar(48) NOT NULL,
        "sequence" bigint NOT NULL,
        "state" varchar(16) NOT NULL,
        "attempts" bigint NOT NULL DEFAULT (0),
        "due_at_ms" bigint NOT NULL,
        "lease_owner" varchar(36),
        "lease_until_ms" bigint,
        "created_at_ms" bigint NOT NULL,
        "settled_at_ms" bigint,
        "last_reason" text,
        CONSTRAINT "pk_deliveries" PRIMARY KEY ("id")
      )
    `);
    await runner.query(`CREATE INDEX "ix_deliveries_notification" ON "deliveries" ("notification_id")`);
    await runner.query(`
      CREATE INDEX "ix_deliveries_due" ON "deliveries" ("destination_id", "due_at_ms", "sequence") WHERE state = 'pending'
    `);
    await runner.query(`
      CREATE INDEX "ix_deliveries_token" ON "deliveries" ("destination_id", "token_id", "sequence") WHERE state = 'pending'
    `);
    await runner.query(`
      CREATE UNIQUE INDEX "uq_deliveries_leased_token" ON "deliveries" ("destination_id", "token_id")
        WHERE lease_owner is not null
    `);
    await runner.query(`
      CREATE TABLE "delivery_attempts" (
        "delivery_id" varchar NOT NULL,
        "id" varchar NOT NULL,
        "attempt" bigint NOT NULL,
        "started_at_ms" bigint NOT NULL,
        "duration_ms" bigint NOT NULL,
        "outcome" varchar(16) NOT NULL,
        "status_code" bigint,
        "reason" text,
        CONSTRAINT "pk_delivery_attempts" PRIMARY KEY ("delivery_id", "id")
      ) WITHOUT ROWID
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE "delivery_attempts"');
    await runner.query('DROP TABLE "deliveries"');
    await runner.query('DROP TABLE "destinations"');
    await runner.query('ALTER TABLE "merchants" DROP COLUMN "delivery_mode"');
  }
}
