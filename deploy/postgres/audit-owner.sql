-- Takes the audit trail out of the gateway's hands: its role may add entries and read them, and nothing else. To be run by an
-- administrator once the schema is there, and again after each migration of it (docs/database.md, "An audit trail …"):
--
--   psql --set=ON_ERROR_STOP=1 --dbname=gateway --file=deploy/postgres/audit-owner.sql
--
-- d1_gateway is the role of DATABASE_URL, d1_audit one that nobody logs in as. Other names: replace them.
begin;

do $$
begin
  if not exists (select from pg_roles where rolname = 'd1_audit') then
    create role d1_audit nologin;
  end if;
  -- Whoever owns a database or a schema may drop what is in it, be it somebody else's.
  execute format('alter database %I owner to d1_audit', current_database());
end $$;
alter schema public owner to d1_audit;
grant usage, create on schema public to d1_gateway;

-- The owner of a table may disable its triggers, the owner of a function replace it.
alter table public.audit_entries owner to d1_audit;
alter function public.refuse_audit_change() owner to d1_audit;
revoke all on public.audit_entries from public, d1_gateway;
grant select, insert on public.audit_entries to d1_gateway;
-- What a migration was lent.
revoke d1_audit from d1_gateway;

-- All that was to no avail where the role has it by another way.
do $$
begin
  if (select rolsuper or rolcreaterole from pg_roles where rolname = 'd1_gateway') then
    raise exception 'd1_gateway is a superuser or makes roles: it can have any right that it wants';
  end if;
  if pg_has_role('d1_gateway', 'd1_audit', 'member')
    or has_table_privilege('d1_gateway', 'public.audit_entries', 'update, delete, truncate, references, trigger') then
    raise exception 'd1_gateway may change audit_entries by another role that it is in';
  end if;
end $$;

commit;
