import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { RegistryGateway, ADMIN } from '../support/registry-gateway.js';
import { basic, MERCHANT, MERCHANT_GATEWAY } from '../support/test-gateway.js';
import { send } from '../support/http.js';

const CHOSEN = 'a secret that people chose';
const WEBHOOK_SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';

let registry: RegistryGateway;
let generated: string;

beforeAll(async () => {
  registry = await RegistryGateway.start();
  generated = registry.gateway.secretOf(ADMIN);
  const made = await registry.call('POST', '/registry/clients', {
    body: { clientId: 'chosen', clientSecret: CHOSEN, scopes: ['gateway:read'], merchantGateways: [MERCHANT_GATEWAY] },
  });
  expect(made.status).toBe(201);
  const path = `/registry/merchant-gateways/${MERCHANT_GATEWAY}/merchants/${MERCHANT}/destinations/main`;
  const body = { kind: 'webhook', url: 'https://shop.example/d1', secret: WEBHOOK_SECRET };
  expect((await registry.call('PUT', path, { body })).status).toBe(201);
  for (const [clientId, secret] of [
    ['chosen', CHOSEN],
    [ADMIN, generated],
  ] as const) {
    const headers = {
      authorization: basic(clientId, secret),
      'content-type': 'application/x-www-form-urlencoded',
    };
    const answer = await send(registry.gateway.url, '/oauth2/token', {
      headers,
      body: 'grant_type=client_credentials',
    });
    expect(answer.status).toBe(200);
  }
});
afterAll(() => registry.close());

const TABLES = {
  sqlite: `select name from sqlite_master where type = 'table'`,
  postgres: `select tablename as name from pg_tables where schemaname = current_schema()`,
};

/** All rows of all tables. */
async function everything(): Promise<string> {
  const tables = await registry.gateway.query<{ name: string }>(TABLES[inject('engine')]);
  expect(tables.map(({ name }) => name)).toEqual(expect.arrayContaining(['client_secrets', 'destinations', 'clients']));
  const rows = await Promise.all(tables.map(({ name }) => registry.gateway.query<object>(`select * from "${name}"`)));
  return JSON.stringify(rows);
}

it('no secret is in any table, as it is or encoded', async () => {
  const text = await everything();

  expect(text).toContain('chosen');
  for (const secret of [generated, CHOSEN, WEBHOOK_SECRET, WEBHOOK_SECRET.slice('whsec_'.length)]) {
    for (const encoding of ['utf8', 'base64', 'base64url', 'hex'] as const) {
      expect(text.includes(Buffer.from(secret).toString(encoding)), `${secret.slice(0, 6)}… is there`).toBe(false);
    }
  }
});

it('clients’ secrets are hashed: a keyed hash where they are generated, scrypt where people chose them', async () => {
  const rows = await registry.gateway.query<{ client_id: string; kind: string; hash: string }>(
    'select client_id, kind, hash from client_secrets order by client_id',
  );
  const of = (clientId: string) => rows.filter(({ client_id: id }) => id === clientId);

  expect(of('chosen')).toEqual([
    { client_id: 'chosen', kind: 'chosen', hash: expect.stringMatching(/^(scrypt|\$scrypt)/) },
  ]);
  // 256 bits, of HMAC-SHA-256.
  expect(of(ADMIN)).toEqual([{ client_id: ADMIN, kind: 'generated', hash: expect.stringMatching(/^[\w-]{43}$/) }]);
});

it('what is needed in clear is encrypted with AES-256-GCM', async () => {
  const [row] = await registry.gateway.query<{ encrypted: string }>(
    'select encrypted_secrets as encrypted from destinations',
  );
  const [header = ''] = (row?.encrypted ?? '').split('.');

  expect(JSON.parse(Buffer.from(header, 'base64url').toString())).toEqual({ alg: 'dir', enc: 'A256GCM' });
});

it('generated secrets are 256 random bits', async () => {
  const made = await Promise.all(
    ['one', 'two'].map((clientId) =>
      registry.call('POST', '/registry/clients', {
        body: { clientId, scopes: ['gateway:read'], merchantGateways: [MERCHANT_GATEWAY] },
      }),
    ),
  );
  const [first = '', second = ''] = made.map((answer) => answer.json<{ clientSecret: string }>().clientSecret);

  expect(Buffer.from(first, 'base64url')).toHaveLength(32);
  expect(first).not.toBe(second);
});
