import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { cli, type CliResult } from '../support/cli.js';
import { createTestDatabase, openForInspection, type TestDatabase } from '../support/test-database.js';
import { D1_CLIENT, MERCHANT, MERCHANT_GATEWAY, PROVISION } from '../support/test-gateway.js';

interface ListedClient {
  readonly clientId: string;
  readonly disabledAt: string | null;
  readonly secrets: readonly { readonly id: string; readonly expiresAt: string | null }[];
}

const OWNER = ['--merchant-gateway-id', MERCHANT_GATEWAY, '--merchant-id', MERCHANT];

// A process for each command, on machines that are busy.
vi.setConfig({ testTimeout: 120_000 });

let database: TestDatabase;
let file: string;
const run = (...args: string[]): Promise<CliResult> => cli(database, args);
const write = async (name: string, content: string): Promise<string> => {
  const path = join(database.dataDir, name);
  await writeFile(path, content);
  return path;
};
const clients = async (): Promise<ListedClient[]> => (await run('client', 'list', '--json')).json();

beforeEach(async () => {
  database = await createTestDatabase();
  file = await write('provision.json', JSON.stringify(PROVISION));
  expect((await run('migrate')).code).toBe(0);
});
afterEach(() => database.drop());

describe('provision', () => {
  it('tells what would change, applies it, and then finds nothing to change', async () => {
    const check = await run('provision', '--check', file);
    expect(check).toMatchObject({ code: 2, stderr: '' });
    expect(check.stdout.split('\n')).toEqual([
      '+ merchant gateway MGW_000001',
      '+ merchant MGW_000001/10610027312',
      '+ tokens of merchant MGW_000001/10610027312: 1',
      '+ merchant gateway MGW_000002',
      '+ merchant MGW_000002/20610027312',
      '+ tokens of merchant MGW_000002/20610027312: 1',
      '+ client is_tbank01',
      '+ client other_bank',
      '+ client operator',
      '',
    ]);
    expect(await clients()).toEqual([]);

    const applied = await run('provision', '--apply', '--json', file);
    expect(applied.code).toBe(0);
    expect(Object.keys(applied.json<{ generatedSecrets: object }>().generatedSecrets)).toEqual([
      D1_CLIENT,
      'other_bank',
      'operator',
    ]);

    expect(await run('provision', '--check', file)).toMatchObject({ code: 0, stdout: 'Nothing to change.\n' });
  });

  it('finds in a check what an apply would fail of: a secret of a new destination that is nowhere', async () => {
    const destination = { name: 'main', kind: 'webhook', url: 'https://shop.example/d1', secret: { env: 'NOT_SET' } };
    const merchants = [{ id: MERCHANT, name: 'Shop', destinations: [destination] }];
    const content = { merchantGateways: [{ id: MERCHANT_GATEWAY, name: 'PSP', merchants }] };
    const path = await write('new.json', JSON.stringify(content));

    expect(await run('provision', '--check', path)).toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringMatching(/secret names the environment variable NOT_SET, which is not set\n$/) as string,
    });
  });

  it('tells changes of names, destinations, scopes and secrets, never a secret itself', async () => {
    const destination = {
      name: 'main',
      kind: 'webhook',
      url: 'https://shop.example/d1',
      secret: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
    };
    const content = (name: string, webhook: object, client: object): string =>
      JSON.stringify({
        merchantGateways: [
          { id: MERCHANT_GATEWAY, name, merchants: [{ id: MERCHANT, name: 'Shop', destinations: [webhook] }] },
        ],
        clients: [{ clientId: D1_CLIENT, merchantGateways: [MERCHANT_GATEWAY], ...client }],
      });
    const before = content('PSP', destination, { scopes: ['d1:notify'], clientSecret: 'a-secret-that-was-agreed' });
    await run('provision', '--apply', await write('before.json', before));
    const after = content(
      'New name',
      { ...destination, ratePerSecond: 5, secret: 'whsec_AAAA9r8GKYqrTwjUPD8ILPZIo2LaLaSw' },
      { scopes: ['gateway:read'], clientSecret: 'another-that-was-agreed' },
    );

    const { code, stdout } = await run('provision', '--check', await write('after.json', after));

    expect(code).toBe(2);
    expect(stdout.split('\n')).toEqual([
      '~ merchant gateway MGW_000001: name "PSP" → "New name"',
      '~ destination MGW_000001/10610027312/main: ratePerSecond null → 5',
      '~ destination MGW_000001/10610027312/main: secrets',
      '~ client is_tbank01: scopes "d1:notify" → "gateway:read"',
      '~ client is_tbank01: secret, at once, in place of the one it has',
      '',
    ]);
  });

  it('names line and path of what is wrong', async () => {
    const wrong = await write('wrong.json', '{\n  "merchantGateways": [{ "id": "MGW" }]\n}');
    expect(await run('provision', '--check', wrong)).toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringMatching(/^error: \S+wrong\.json:2: merchantGateways\[0\]\.\w+ .+\n$/) as string,
    });
  });
});

describe('client', () => {
  beforeEach(async () => {
    await run('provision', '--apply', file);
  });

  it('is made with a secret that is shown once, or with one from standard input', async () => {
    const made = await run('client', 'create', 'new_bank', '--merchant-gateways', MERCHANT_GATEWAY);
    expect(made.code).toBe(0);
    const secret = /shown this once: (\S{43})\n$/.exec(made.stdout)?.[1] ?? expect.unreachable();
    expect((await run('client', 'list', '--json')).stdout).not.toContain(secret);

    const given = await cli(
      database,
      ['client', 'create', 'third_bank', '--merchant-gateways', MERCHANT_GATEWAY, '--secret-stdin'],
      { stdin: 'a-secret-that-was-agreed\n' },
    );
    expect(given).toMatchObject({ code: 0, stdout: 'Client third_bank is there.\n' });
  });

  it('gets a second secret, and the first one an end', async () => {
    const before = Date.now();
    expect((await run('client', 'rotate', D1_CLIENT, '--overlap', '24h')).stdout).toMatch(/shown this once: \S{43}\n$/);

    const { secrets = [] } = (await clients()).find(({ clientId }) => clientId === D1_CLIENT) ?? {};
    expect(secrets).toHaveLength(2);
    expect(Date.parse(secrets[0]?.expiresAt ?? '') - before).toBeGreaterThanOrEqual(86_400_000);
    expect(secrets[1]?.expiresAt).toBeNull();
    expect(await run('client', 'rotate', D1_CLIENT)).toMatchObject({
      code: 1,
      stderr: 'error: The client has 2 secrets; one of them must go first\n',
    });

    await run('client', 'end-secret', D1_CLIENT, secrets[0]?.id ?? '');
    expect((await clients()).find(({ clientId }) => clientId === D1_CLIENT)?.secrets).toEqual([
      expect.objectContaining({ id: secrets[1]?.id }),
    ]);
  });

  it('is disabled and enabled, and the audit log says who did it', async () => {
    await run('client', 'disable', D1_CLIENT);
    const isDisabled = async (): Promise<boolean> =>
      (await clients()).find(({ clientId }) => clientId === D1_CLIENT)?.disabledAt !== null;
    expect(await isDisabled()).toBe(true);
    await run('client', 'enable', D1_CLIENT);
    expect(await isDisabled()).toBe(false);

    const inspection = await openForInspection(database.env);
    const entries = await inspection.query<object[]>(
      `select client_id as "by", remote_address as "from", target from audit_entries where action = 'client.change'`,
    );
    await inspection.destroy();
    const entry = {
      by: expect.stringMatching(/^cli:.+/) as string,
      from: 'local',
      target: `/registry/clients/${D1_CLIENT}`,
    };
    expect(entries).toEqual([entry, entry]);
  });
});

describe('token import', () => {
  beforeEach(async () => {
    await run('provision', '--apply', file);
  });

  it('registers what is good and tells the numbers of bad lines', async () => {
    const tokens = await write('tokens.csv', 'id\nt-1\nnot a token\nt-2\n');

    const imported = await run('token', 'import', tokens, ...OWNER);
    expect(imported).toMatchObject({
      code: 2,
      stdout: '3 lines: 2 registered, 0 known already, 1 bad\n',
      stderr: 'line 3: id is not in the expected format\n',
    });

    const again = await cli(database, ['token', 'import', '-', '--format', 'ndjson', '--json', ...OWNER], {
      stdin: '{"id":"t-1"}\n{"id":"t-3"}\n',
    });
    expect(again.code).toBe(0);
    expect(again.json()).toEqual({ lines: 2, registered: 1, known: 1, bad: 0 });
  });
});
