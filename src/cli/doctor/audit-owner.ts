import type { DataSource } from 'typeorm';
import { ok, warning, type Finding } from './finding.js';

/** An owner may drop what is his, and who makes roles may be anybody. */
const RIGHTS = `
  select current_user as role,
    exists (select from pg_roles where rolname = current_user and (rolsuper or rolcreaterole))
    or pg_has_role(audit.relowner, 'member') or pg_has_role(schema.nspowner, 'member') or pg_has_role(base.datdba, 'member')
    or has_table_privilege(audit.oid, 'update, delete, truncate') as "mayRewrite"
  from pg_class audit
  join pg_namespace schema on schema.oid = audit.relnamespace
  join pg_database base on base.datname = current_database()
  where audit.oid = to_regclass('audit_entries')`;

/** Whether the gateway's role could rewrite what the audit trail says; nothing where there is none yet. */
export async function examineAuditOwner(dataSource: DataSource): Promise<Finding[]> {
  const rows = await dataSource.query<{ role: string; mayRewrite: boolean }[]>(RIGHTS);
  return rows.map(({ role, mayRewrite }) =>
    mayRewrite
      ? warning(
          'audit',
          `${role} may take the triggers off the audit entries, and so rewrite them`,
          'Give them to a role that nobody logs in as: deploy/postgres/audit-owner.sql (docs/database.md).',
        )
      : ok('audit', `${role} may add audit entries, and neither change nor delete them`),
  );
}
