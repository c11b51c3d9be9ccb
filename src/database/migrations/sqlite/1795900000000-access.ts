import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Access1795900000000 implements MigrationInterface {
  readonly name = 'Access1795900000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE "revoked_access_tokens" (
        "jti" varchar(64) NOT NULL,
        "client_id" varchar(128) NOT NULL,
        "revoked_by" varchar(128) NOT NULL,
        "revoked_at_ms" bigint NOT NULL,
        "expires_at_ms" bigint NOT NULL,
        CONSTRAINT "pk_revoked_access_tokens" PRIMARY KEY ("jti")
      ) WITHOUT ROWID
    `);
    await runner.query(`CREATE INDEX "ix_revoked_access_tokens_revoked" ON "revoked_access_tokens" ("revoked_at_ms")`);
    await runner.query(`ALTER TABLE "merchant_gateways" ADD COLUMN "authentication" varchar(16)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE "merchant_gateways" DROP COLUMN "authentication"');
    await runner.query('DROP TABLE "revoked_access_tokens"');
  }
}
