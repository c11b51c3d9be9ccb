import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { Retention } from '../../src/delivery/retention/retention.js';
import { examine } from '../../src/cli/doctor/examine.js';
import { RegistryGateway } from '../support/registry-gateway.js';
import { send } from '../support/http.js';
import { D1_CLIENT, MERCHANT_GATEWAY, notifyPath } from '../support/test-gateway.js';
import { loadConfig } from '../../src/config/load-config.js';
import { migrate } from '../../src/database/migrate.js';
import { GuessCounts1796200000000 } from '../../src/database/migrations/postgres/1796200000000-guess-counts.js';
import type { TestDatabase } from '../support/test-database.js';

const SCRIPT = 'deploy/postgres/audit-owner.sql';
const LAST = new GuessCounts1796200000000();
/** SQLSTATE insufficient_privilege. */
const NOT_ALLOWED = '42501';
const WEEK_MS = 7 * 86_400_000;
/** Roles are the server's, not the database's. */
const SUFFIX = randomBytes(4).toString('hex');
const [GATEWAY_ROLE, AUDIT_ROLE, DATABASE] = [`d1_gateway_${SUFFIX}`, `d1_audit_${SUFFIX}`, `audited_${SUFFIX}`];

describe.runIf(inject('engine') === 'postgres')('where another role owns the audit trail', () => {
  let database: TestDatabase;
  let registry: RegistryGateway;
  let administrator: pg.Client;
  let application: pg.Client;

  const connected = async (url: URL): Promise<pg.Client> => {
    const client = new pg.Client({ connectionString: url.href });
    await client.connect();
    return client;
  };
  const handOver = async (): Promise<void> => {
    const script = await readFile(SCRIPT, 'utf8');
    await administrator.query(script.replaceAll('d1_gateway', GATEWAY_ROLE).replaceAll('d1_audit', AUDIT_ROLE));
  };
  const rename = (name: string) =>
    registry.call('PUT', `/registry/merchant-gateways/${MERCHANT_GATEWAY}`, { body: { name } });
  const findings = async () => (await examine(database.env)).filter(({ check }) => check === 'audit');
  const entries = async (): Promise<object[]> =>
    (await administrator.query<object>('select * from audit_entries order by id')).rows;

  beforeAll(async () => {
    const url = new URL(inject('postgresUrl'));
    const server = await connected(url);
    await server.query(`create role ${GATEWAY_ROLE} login password 'application'`);
    // As an installation may well have it before.
    await server.query(`create database ${DATABASE} owner ${GATEWAY_ROLE}`);
    await server.end();
    url.pathname = `/${DATABASE}`;
    administrator = await connected(url);
    [url.username, url.password] = [GATEWAY_ROLE, 'application'];
    application = await connected(url);
    const dataDir = await mkdtemp(join(tmpdir(), 'gateway-data-'));
    const drop = (): Promise<void> => rm(dataDir, { recursive: true, force: true });
    const durability = process.env.TEST_DATABASE_URL && { DATABASE_UNSAFE_DURABILITY: 'accepted' };
    database = { env: { DATA_DIR: dataDir, DATABASE_URL: url.href, ...durability }, dataDir, drop };

    await migrate(loadConfig(database.env), { sqlite: [], postgres: [] });
    expect(await findings()).toMatchObject([{ status: 'warning', message: expect.stringContaining(GATEWAY_ROLE) }]);
    await handOver();
    // One that is still to come when the gateway starts.
    await application.query(`drop table guess_counts; delete from migrations where name = '${LAST.name}'`);
    registry = await RegistryGateway.start({ database });
    expect((await rename('Renamed')).status).toBe(200);
  });
  afterAll(async () => {
    await registry.close();
    await application.end();
    await administrator.end();
    await database.drop();
    const server = await connected(new URL(inject('postgresUrl')));
    await server.query(`drop database ${DATABASE}`);
    await server.query(`drop role ${GATEWAY_ROLE}, ${AUDIT_ROLE}`);
    await server.end();
  });

  it('the gateway migrates, writes its entries and shows them', async () => {
    const { gateway } = registry;
    expect(await gateway.query(`select name from migrations where name = '${LAST.name}'`)).toHaveLength(1);
    expect((await registry.call('GET', '/operations/audit')).json()).toMatchObject({
      items: [{ action: 'merchant-gateway.put', after: { name: 'Renamed' } }, { action: 'provisioning.apply' }],
    });
    const headers = await registry.authorization(D1_CLIENT);
    expect((await send(gateway.url, notifyPath(), { headers })).status).toBe(204);
  });

  it.each([
    "update audit_entries set client_id = 'nobody'",
    'delete from audit_entries',
    'truncate audit_entries',
    'insert into audit_entries select * from audit_entries on conflict (id) do update set client_id = excluded.client_id',
    'drop table audit_entries',
    'alter table audit_entries disable trigger all',
    'alter table audit_entries disable trigger tr_audit_entries',
    'alter table audit_entries rename to hidden',
    'alter table audit_entries owner to current_user',
    'drop trigger tr_audit_entries on audit_entries',
    'create trigger tr_aside before insert on audit_entries for each row execute function refuse_audit_change()',
    'create rule aside as on insert to audit_entries do instead nothing',
    `create or replace function refuse_audit_change() returns trigger language plpgsql as 'begin return new; end'`,
    'drop function refuse_audit_change() cascade',
    "set session_replication_role = 'replica'",
    'drop schema public cascade',
    'alter schema public owner to current_user',
    `drop database ${DATABASE}`,
    `alter database ${DATABASE} owner to current_user`,
    `grant ${AUDIT_ROLE} to current_user`,
    `set role ${AUDIT_ROLE}`,
  ])('its role is refused: %s', async (statement) => {
    const before = await entries();
    expect(before).toHaveLength(2);

    await expect(application.query(statement)).rejects.toMatchObject({ code: NOT_ALLOWED });

    expect(await entries()).toEqual(before);
  });

  it('doctor says so', async () => {
    expect(await findings()).toEqual([
      {
        check: 'audit',
        status: 'ok',
        message: `${GATEWAY_ROLE} may add audit entries, and neither change nor delete them`,
      },
    ]);
  });

  it('a migration of the table is lent the owner’s role, until the script is run again', async () => {
    await administrator.query(`grant ${AUDIT_ROLE} to ${GATEWAY_ROLE}`);
    await application.query('alter table audit_entries add column reason text');
    expect(await findings()).toMatchObject([{ status: 'warning' }]);

    await handOver();

    expect(await findings()).toMatchObject([{ status: 'ok' }]);
    await expect(application.query('alter table audit_entries drop column reason')).rejects.toMatchObject({
      code: NOT_ALLOWED,
    });
    expect((await rename('Once more')).status).toBe(200);
  });

  it('the script says where it is to no avail', async () => {
    await administrator.query(`alter role ${GATEWAY_ROLE} createrole`);
    await expect(handOver()).rejects.toThrow('makes roles');
    await administrator.query('rollback');
    expect(await findings()).toMatchObject([{ status: 'warning' }]);
    await administrator.query(`alter role ${GATEWAY_ROLE} nocreaterole`);
  });

  it('the gateway keeps up its partitions', async () => {
    const { gateway } = registry;
    const weeks = () =>
      gateway
        .query<object>(`select from pg_inherits where inhparent = 'notifications'::regclass`)
        .then((all) => all.length);
    await gateway.app.get(Retention).keepUp();
    const before = await weeks();
    gateway.clock.advance(WEEK_MS);
    await gateway.app.get(Retention).keepUp();
    expect(await weeks()).toBe(before + 1);
  });
});
