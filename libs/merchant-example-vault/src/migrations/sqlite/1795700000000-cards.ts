import type { MigrationInterface, QueryRunner } from 'typeorm';

export class ExampleVaultCards1795700000000 implements MigrationInterface {
  readonly name = 'ExampleVaultCards1795700000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE "team_example_vault_cards" (
        "token_id" varchar(48) NOT NULL,
        "sequence" bigint NOT NULL,
        "state" varchar(32) NOT NULL,
        "expiry" varchar(7),
        CONSTRAINT "pk_team_example_vault_cards" PRIMARY KEY ("token_id")
      )
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE "team_example_vault_cards"`);
  }
}
