import type { MigrationInterface, QueryRunner } from 'typeorm';

export class InitialSchema1795400000000 implements MigrationInterface {
  readonly name = 'InitialSchema1795400000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE "gateway_properties" (
        "name" character varying(64) NOT NULL,
        "value" text NOT NULL,
        CONSTRAINT "pk_gateway_properties" PRIMARY KEY ("name")
      )
    `);
    await runner.query(`
      CREATE TABLE "clients" (
        "client_id" character varying(128) NOT NULL,
        "scopes" text NOT NULL,
        "created_at_ms" bigint NOT NULL,
        "disabled_at_ms" bigint,
        CONSTRAINT "pk_clients" PRIMARY KEY ("client_id")
      )
    `);
    await runner.query(`
      CREATE TABLE "client_secrets" (
        "id" uuid NOT NULL,
        "client_id" character varying(128) NOT NULL,
        "kind" character varying(16) NOT NULL,
        "hash" text NOT NULL,
        "created_at_ms" bigint NOT NULL,
        CONSTRAINT "fk_client_secrets_client" FOREIGN KEY ("client_id") REFERENCES "clients" ("client_id") ON DELETE CASCADE ON UPDATE NO ACTION,
        CONSTRAINT "pk_client_secrets" PRIMARY KEY ("id")
      )
    `);
    await runner.query(`
      CREATE INDEX "ix_client_secrets_client" ON "client_secrets" ("client_id")
    `);
    await runner.query(`
      CREATE TABLE "client_merchant_gateways" (
        "client_id" character varying(128) NOT NULL,
        "merchant_gateway_id" character varying(10) NOT NULL,
        CONSTRAINT "fk_client_merchant_gateways_client" FOREIGN KEY ("client_id") REFERENCES "clients" ("client_id") ON DELETE CASCADE ON UPDATE NO ACTION,
        CONSTRAINT "pk_client_merchant_gateways" PRIMARY KEY ("client_id", "merchant_gateway_id")
      )
    `);
    await runner.query(`
      CREATE TABLE "signing_keys" (
        "kid" character varying(64) NOT NULL,
        "algorithm" character varying(16) NOT NULL,
        "public_jwk" text NOT NULL,
        "encrypted_private_jwk" text NOT NULL,
        "state" character varying(16) NOT NULL,
        "created_at_ms" bigint NOT NULL,
        CONSTRAINT "pk_signing_keys" PRIMARY KEY ("kid")
      )
    `);
    await runner.query(`
      CREATE UNIQUE INDEX "uq_signing_keys_active" ON "signing_keys" ("state") WHERE state = 'active'
    `);
    await runner.query(`
      CREATE TABLE "merchant_gateways" (
        "id" character varying(10) NOT NULL,
        "name" character varying(200) NOT NULL,
        CONSTRAINT "pk_merchant_gateways" PRIMARY KEY ("id")
      )
    `);
    await runner.query(`
      CREATE TABLE "merchants" (
        "merchant_gateway_id" character varying(10) NOT NULL,
        "id" character varying(11) NOT NULL,
        "name" character varying(200) NOT NULL,
        CONSTRAINT "fk_merchants_merchant_gateway" FOREIGN KEY ("merchant_gateway_id") REFERENCES "merchant_gateways" ("id") ON DELETE NO ACTION ON UPDATE NO ACTION,
        CONSTRAINT "pk_merchants" PRIMARY KEY ("merchant_gateway_id", "id")
      )
    `);
    await runner.query(`
      CREATE TABLE "tokens" (
        "merchant_gateway_id" character varying(10) NOT NULL,
        "merchant_id" character varying(11) NOT NULL,
        "id" character varying(48) NOT NULL,
        "last_sequence" bigint NOT NULL DEFAULT '0',
        "registered_at_ms" bigint NOT NULL,
        CONSTRAINT "fk_tokens_merchant" FOREIGN KEY ("merchant_gateway_id", "merchant_id") REFERENCES "merchants" ("merchant_gateway_id", "id") ON DELETE NO ACTION ON UPDATE NO ACTION,
        CONSTRAINT "pk_tokens" PRIMARY KEY ("merchant_gateway_id", "merchant_id", "id")
      )
    `);
    await runner.query(`
      CREATE TABLE "notifications" (
        "merchant_gateway_id" character varying(10) NOT NULL,
        "merchant_id" character varying(11) NOT NULL,
        "token_id" character varying(48) NOT NULL,
        "correlation_id" character varying(64) NOT NULL,
        "client_id" character varying(128),
        "payload" text,
        "received_at_ms" bigint NOT NULL,
        "id" uuid NOT NULL,
        "sequence" bigint NOT NULL,
        CONSTRAINT "uq_notifications_token_sequence" UNIQUE ("merchant_gateway_id", "merchant_id", "token_id", "sequence"),
        CONSTRAINT "pk_notifications" PRIMARY KEY ("id")
      )
    `);
    await runner.query(`
      CREATE TABLE "unmatched_notifications" (
        "merchant_gateway_id" character varying(10) NOT NULL,
        "merchant_id" character varying(11) NOT NULL,
        "token_id" character varying(48) NOT NULL,
        "correlation_id" character varying(64) NOT NULL,
        "client_id" character varying(128),
        "payload" text,
        "received_at_ms" bigint NOT NULL,
        "id" uuid NOT NULL,
        "reason" character varying(32) NOT NULL,
        "notification_id" uuid,
        "matched_at_ms" bigint,
        CONSTRAINT "pk_unmatched_notifications" PRIMARY KEY ("id")
      )
    `);
    await runner.query(`
      CREATE INDEX "ix_unmatched_notifications_open" ON "unmatched_notifications" ("merchant_gateway_id", "merchant_id", "token_id")
        WHERE notification_id is null
    `);
    await runner.query(`
      CREATE TABLE "failed_notifications" (
        "merchant_gateway_id" character varying(10) NOT NULL,
        "merchant_id" character varying(11) NOT NULL,
        "token_id" character varying(48) NOT NULL,
        "correlation_id" character varying(64) NOT NULL,
        "client_id" character varying(128),
        "payload" text,
        "received_at_ms" bigint NOT NULL,
        "id" uuid NOT NULL,
        "cause" text NOT NULL,
        CONSTRAINT "pk_failed_notifications" PRIMARY KEY ("id")
      )
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE "failed_notifications"');
    await runner.query('DROP TABLE "unmatched_notifications"');
    await runner.query('DROP TABLE "notifications"');
    await runner.query('DROP TABLE "tokens"');
    await runner.query('DROP TABLE "merchants"');
    await runner.query('DROP TABLE "merchant_gateways"');
    await runner.query('DROP TABLE "signing_keys"');
    await runner.query('DROP TABLE "client_merchant_gateways"');
    await runner.query('DROP TABLE "client_secrets"');
    await runner.query('DROP TABLE "clients"');
    await runner.query('DROP TABLE "gateway_properties"');
  }
}
