import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Pauses that instances' breakers have begun. No entity: one class reads and writes it, and SQLite has none. Not logged: what a
 * crash of the server takes with it is five minutes at most.
 */
export class SharedPauses1796260000000 implements MigrationInterface {
  readonly name = 'SharedPauses1796260000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE UNLOGGED TABLE "receiver_pauses" (
        "receiver" character varying(128) NOT NULL,
        "paused_until" timestamp with time zone NOT NULL,
        CONSTRAINT "pk_receiver_pauses" PRIMARY KEY ("receiver")
      )
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE "receiver_pauses"');
  }
}
