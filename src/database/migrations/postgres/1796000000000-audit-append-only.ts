import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A trigger on rows is not asked when a table is emptied. */
export class AuditAppendOnly1796000000000 implements MigrationInterface {
  readonly name = 'AuditAppendOnly1796000000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TRIGGER "tr_audit_entries_truncate" BEFORE TRUNCATE ON "audit_entries"
      FOR EACH STATEMENT EXECUTE FUNCTION "refuse_audit_change"()
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TRIGGER "tr_audit_entries_truncate" ON "audit_entries"');
  }
}
