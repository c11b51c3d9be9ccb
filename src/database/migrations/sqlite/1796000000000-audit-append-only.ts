import type { MigrationInterface, QueryRunner } from 'typeorm';

/** `INSERT OR REPLACE` deletes what was there without asking the trigger on deletion. */
export class AuditAppendOnly1796000000000 implements MigrationInterface {
  readonly name = 'AuditAppendOnly1796000000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TRIGGER "tr_audit_entries_replace" BEFORE INSERT ON "audit_entries"
      WHEN EXISTS (SELECT 1 FROM "audit_entries" WHERE "id" = NEW."id")
      BEGIN SELECT RAISE(ABORT, 'audit_entries is append-only'); END
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TRIGGER "tr_audit_entries_replace"');
  }
}
