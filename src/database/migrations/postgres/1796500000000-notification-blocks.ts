import type { MigrationInterface, QueryRunner } from 'typeorm';

const COLUMNS = { ix_notifications_token: 'token_id', ix_notifications_correlation: 'correlation_id' };

/**
 * The indexes by token and by correlation id in blocks of 8,192 numbers, as SQLite has them: a notification is entered in pages
 * that the last ones are in, too, and not in any of a week's. See docs/adr/0006-one-sequence.md.
 */
export class NotificationBlocks1796500000000 implements MigrationInterface {
  readonly name = 'NotificationBlocks1796500000000';

  async up(runner: QueryRunner): Promise<void> {
    for (const [index, column] of Object.entries(COLUMNS)) {
      await runner.query(`DROP INDEX "${index}"`);
      await runner.query(`CREATE INDEX "${index}" ON "notifications" (("sequence" >> 13), "${column}")`);
    }
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const [index, column] of Object.entries(COLUMNS)) {
      await runner.query(`DROP INDEX "${index}"`);
      await runner.query(`CREATE INDEX "${index}" ON "notifications" ("${column}")`);
    }
  }
}
