import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Provisioner, type ProvisionResult } from '../../../src/registry/provisioning/provisioner.js';
import { send } from '../../support/http.js';
import { basic, MERCHANT, MERCHANT_GATEWAY, TestGateway, TOKEN } from '../../support/test-gateway.js';

let gateway: TestGateway;

beforeEach(async () => {
  gateway = await TestGateway.start();
});
afterEach(() => gateway.close());

async function apply(text: string | object, name = 'more.json'): Promise<ProvisionResult> {
  const file = join(gateway.database.dataDir, name);
  await writeFile(file, typeof text === 'string' ? text : JSON.stringify(text));
  return gateway.app.get(Provisioner).applyFile(file);
}

const counts = async (): Promise<Record<string, number>> => {
  const tables = ['merchant_gateways', 'merchants', 'tokens', 'clients', 'client_secrets', 'client_merchant_gateways'];
  const rows = await Promise.all(tables.map((table) => gateway.query<object>(`select 1 from ${table}`)));
  return Object.fromEntries(tables.map((table, index) => [table, rows[index]?.length ?? -1]));
};

const tokenRequest = (clientId: string, clientSecret: string): Promise<{ status: number }> =>
  send(gateway.url, '/oauth2/token', {
    headers: { authorization: basic(clientId, clientSecret), 'content-type': 'application/x-www-form-urlencoded' },
    body: 'grant_type=client_credentials',
  });

const client = { clientId: 'is_tbank01', scopes: ['d1:notify'], merchantGateways: [MERCHANT_GATEWAY] };

describe('a provisioning file', () => {
  it('may be applied again and again without effect', async () => {
    const file = {
      merchantGateways: [
        { id: 'MGW_000003', name: 'Third', merchants: [{ id: '30610027312', name: 'Shop', tokens: ['a', 'b'] }] },
      ],
      clients: [{ clientId: 'third', clientSecret: 'chosen', scopes: ['d1:notify'], merchantGateways: ['MGW_000003'] }],
    };
    await apply(file);
    const first = { counts: await counts(), secrets: await gateway.query('select * from client_secrets order by id') };

    const result = await apply(file);

    expect(result).toEqual({ merchantGateways: 1, merchants: 1, tokens: 2, clients: 1, generatedSecrets: new Map() });
    expect({
      counts: await counts(),
      secrets: await gateway.query('select * from client_secrets order by id'),
    }).toEqual(first);
  });

  it('is refused where it asks for certificates that nothing checks', async () => {
    const merchantGateways = [{ id: 'MGW_000003', name: 'Third', authentication: 'oauth+mtls' }];
    await expect(apply({ merchantGateways })).rejects.toThrow(
      /merchantGateways\[0\]\.authentication is oauth\+mtls, and there is nothing to check a certificate by: it needs TLS_CLIENT_CA_FILE/,
    );
    expect((await counts()).merchant_gateways).toBe(2);
  });

  it('adds and changes, and keeps what it does not name', async () => {
    const tokens = async (): Promise<[string, number][]> =>
      (
        await gateway.query<{ id: string; registered_at_ms: number | string }>(
          `select id, registered_at_ms from tokens where merchant_id = '${MERCHANT}' order by id`,
        )
      ).map((token) => [token.id, Number(token.registered_at_ms)]);
    const [before] = await tokens();
    gateway.clock.advance(1000);

    await apply({
      merchantGateways: [
        {
          id: MERCHANT_GATEWAY,
          name: 'Renamed',
          merchants: [{ id: MERCHANT, name: 'Shop', tokens: [TOKEN, 'second'] }],
        },
      ],
    });

    expect(await gateway.query(`select name from merchant_gateways where id = '${MERCHANT_GATEWAY}'`)).toEqual([
      { name: 'Renamed' },
    ]);
    // A registered token stays as it is.
    expect(await tokens()).toEqual([before, ['second', expect.any(Number)]]);
    expect(await gateway.query("select 1 from tokens where id = 'other-token'")).toHaveLength(1);
  });

  it('is all or nothing', async () => {
    const before = await counts();
    const file = {
      merchantGateways: [{ id: 'MGW_000003', name: 'Third', merchants: [] }],
      clients: [{ ...client, clientId: 'third', clientSecret: { env: 'NO_SUCH_VARIABLE' } }],
    };

    await expect(apply(file)).rejects.toThrow(
      'clients[0].clientSecret names the environment variable NO_SUCH_VARIABLE',
    );

    expect(await counts()).toEqual(before);
  });

  it('may be YAML', async () => {
    await apply('merchantGateways:\n  - id: MGW_000004\n    name: Fourth # a comment\n', 'more.yaml');

    expect(await gateway.query("select name from merchant_gateways where id = 'MGW_000004'")).toEqual([
      { name: 'Fourth' },
    ]);
  });

  it('registers many tokens at once', async () => {
    const tokens = Array.from({ length: 5000 }, (_, index) => `token-${index}`);

    await apply({
      merchantGateways: [{ id: MERCHANT_GATEWAY, name: 'PSP', merchants: [{ id: MERCHANT, name: 'Shop', tokens }] }],
    });

    expect(await gateway.query(`select 1 from tokens where merchant_id = '${MERCHANT}'`)).toHaveLength(5001);
  });
});

describe('a client secret', () => {
  it('may stand in the file, in a variable or in another file', async () => {
    process.env.PROVISIONING_SPEC_SECRET = 'from env';
    const secretFile = join(gateway.database.dataDir, 'secret');
    await writeFile(secretFile, 'from file\n');

    await apply({
      clients: [
        { ...client, clientId: 'a', clientSecret: '123' },
        { ...client, clientId: 'b', clientSecret: { env: 'PROVISIONING_SPEC_SECRET' } },
        { ...client, clientId: 'c', clientSecret: { file: secretFile } },
      ],
    });

    expect((await tokenRequest('a', '123')).status).toBe(200);
    expect((await tokenRequest('b', 'from env')).status).toBe(200);
    expect((await tokenRequest('c', 'from file')).status).toBe(200);
  });

  it('is replaced at once by another one', async () => {
    await apply({ clients: [{ ...client, clientSecret: 'first' }] });
    expect((await tokenRequest(client.clientId, 'first')).status).toBe(200);

    await apply({ clients: [{ ...client, clientSecret: 'second' }] });

    expect((await tokenRequest(client.clientId, 'second')).status).toBe(200);
    expect((await tokenRequest(client.clientId, 'first')).status).toBe(401);
  });

  it('is never stored in clear', async () => {
    await apply({ clients: [{ ...client, clientSecret: 'stored-nowhere-in-clear' }] });
    const generated = gateway.secretOf('operator');

    const stored = JSON.stringify([
      await gateway.query('select * from client_secrets'),
      await gateway.query('select * from clients'),
      await gateway.query('select * from gateway_properties'),
    ]);

    expect(stored).toContain('$scrypt$');
    expect(stored).not.toContain('stored-nowhere-in-clear');
    expect(stored).not.toContain(generated);
    expect(gateway.logLines.join('')).not.toContain(generated);
  });
});

describe('a file at fault', () => {
  it('is not quoted by the YAML library on stderr', async () => {
    const warned = vi.spyOn(process, 'emitWarning');
    await expect(apply('? [hidden]\n: x\n')).rejects.toThrow(/is not known/);
    expect(warned).not.toHaveBeenCalled();
    warned.mockRestore();
  });

  const gatewayWith = (merchant: string): string =>
    `{\n"merchantGateways": [\n{ "id": "MGW_000005", "name": "Fifth",\n"merchants": [\n${merchant}\n] } ] }`;

  it.each([
    ['broken JSON', '{\n"merchantGateways": [\n}', /more\.json:3: /],
    [
      'a secret that reads as a YAML alias',
      'clients:\n  - clientId: x\n    clientSecret: *hidden',
      /^(?!.*hidden).*more\.json:1: refers to a YAML anchor/,
    ],
    ['a list at the top', '[]', /more\.json:1: must be an object/],
    ['an unknown key', '{\n"merchantGateway": []\n}', /more\.json:2: merchantGateway is not known/],
    [
      'a gateway id off its pattern',
      '{\n"merchantGateways": [\n{ "id": "MGW_1", "name": "x" } ] }',
      /:3: merchantGateways\[0\]\.id is not a merchantGatewayId/,
    ],
    [
      'a missing name',
      '{"merchantGateways": [\n{ "id": "MGW_000005" } ] }',
      /:2: merchantGateways\[0\]\.name must be a text/,
    ],
    [
      'a merchant id off its pattern',
      gatewayWith('{ "id": "1", "name": "x" }'),
      /:5: merchantGateways\[0\]\.merchants\[0\]\.id is not a merchantId/,
    ],
    [
      'a token id off its pattern',
      gatewayWith('{ "id": "10610027312", "name": "x", "tokens": ["good",\n"not good"] }'),
      /:6: merchantGateways\[0\]\.merchants\[0\]\.tokens\[1\] is not a tokenId/,
    ],
    [
      'tokens that are no list',
      gatewayWith('{ "id": "10610027312", "name": "x", "tokens": "t" }'),
      /:5: merchantGateways\[0\]\.merchants\[0\]\.tokens must be a list/,
    ],
    [
      'a merchant twice',
      gatewayWith('{ "id": "10610027312", "name": "x" },\n{ "id": "10610027312", "name": "y" }'),
      /:6: merchantGateways\[0\]\.merchants\[1\]\.id declares 10610027312 a second time/,
    ],
    [
      'a scope that is none',
      '{"clients": [ { "clientId": "x", "merchantGateways": [],\n"scopes": ["d1:notify", "all"] } ] }',
      /:2: clients\[0\]\.scopes\[1\] is not one of d1:notify, gateway:operate/,
    ],
    [
      'a client id with a colon',
      '{"clients": [\n{ "clientId": "a:b", "scopes": [] } ] }',
      /:2: clients\[0\]\.clientId must be/,
    ],
    [
      'a gateway nobody declared',
      '{"clients": [ { "clientId": "x", "scopes": [],\n"merchantGateways": ["MGW_999999"] } ] }',
      /:2: clients\[0\]\.merchantGateways\[0\] names MGW_999999, which is not declared/,
    ],
    [
      'a secret that is a number',
      '{"clients": [ { "clientId": "x", "scopes": [],\n"clientSecret": 123 } ] }',
      /:2: clients\[0\]\.clientSecret must be a text/,
    ],
    [
      'a secret file that is not there',
      '{"clients": [ { "clientId": "x", "scopes": [],\n"clientSecret": {"file": "no/such/file"} } ] }',
      /:2: clients\[0\]\.clientSecret names the file no\/such\/file, which cannot be read: ENOENT/,
    ],
  ])('is refused with line and path, and changes nothing: %s', async (_what, text, message) => {
    const before = await counts();

    await expect(apply(text)).rejects.toThrow(message);

    expect(await counts()).toEqual(before);
  });

  it('is named when it cannot be read', async () => {
    await expect(gateway.app.get(Provisioner).applyFile('no/such/file.json')).rejects.toThrow(
      'no/such/file.json: cannot be read: ENOENT',
    );
  });
});
