import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The table of rate-limiter-flexible, which would make it by itself. No entity: none but the library reads it. Not logged: what a
 * crash of the server takes with it is a minute of wrong guesses.
 */
export class GuessCounts1796200000000 implements MigrationInterface {
  readonly name = 'GuessCounts1796200000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE UNLOGGED TABLE "guess_counts" (
        "key" character varying(255) NOT NULL,
        "points" integer NOT NULL DEFAULT 0,
        "expire" bigint,
        CONSTRAINT "pk_guess_counts" PRIMARY KEY ("key")
      )
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE "guess_counts"');
  }
}
