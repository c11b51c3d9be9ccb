import { decodeJwt } from 'jose';
import { afterAll, beforeAll, describe, expect, inject, test, vi } from 'vitest';
import { send, type Answer } from '../../support/http.js';
import { createTestDatabase } from '../../support/test-database.js';
import { basic, D1_CLIENT, notifyPath, PROVISION, TestGateway } from '../../support/test-gateway.js';

const FORM = { 'content-type': 'application/x-www-form-urlencoded' };
const NO_STORE = { 'cache-control': 'no-store', pragma: 'no-cache' };

let gateway: TestGateway;

beforeAll(async () => {
  gateway = await TestGateway.start();
});
afterAll(() => gateway.close());

function revoke(token: string, as: string | null = D1_CLIENT, form = `token=${token}`): Promise<Answer> {
  const headers = { ...FORM, ...(as !== null && { authorization: basic(as, gateway.secretOf(as)) }) };
  return send(gateway.url, '/oauth2/revoke', { headers, body: form });
}

async function introspect(token: string, as = 'operator', form = `token=${token}`): Promise<Answer> {
  const headers = { ...FORM, authorization: `Bearer ${await gateway.accessToken(as)}` };
  return send(gateway.url, '/oauth2/introspect', { headers, body: form });
}

const statusWith = async (token: string, of = gateway): Promise<number> =>
  (await send(of.url, notifyPath(), { headers: { authorization: `Bearer ${token}` } })).status;

const revokedRows = (): Promise<object[]> =>
  gateway.query(
    'select jti, client_id, revoked_by, expires_at_ms from revoked_access_tokens order by revoked_at_ms, jti',
  );

describe('POST /oauth2/revoke', () => {
  test('the access token is refused from then on, and not given out again', async () => {
    const token = await gateway.accessToken();
    expect(await gateway.accessToken()).toBe(token);
    expect(await statusWith(token)).toBe(204);

    const answer = await revoke(token);

    expect([answer.status, answer.body]).toEqual([200, '']);
    expect(answer.headers).toMatchObject(NO_STORE);
    expect(await statusWith(token)).toBe(401);
    const next = await gateway.accessToken();
    expect(next).not.toBe(token);
    expect(await statusWith(next)).toBe(204);
    const { jti, exp } = decodeJwt(token);
    const [row] = (await revokedRows()) as { expires_at_ms: number | string }[];
    expect({ ...row, expires_at_ms: Number(row?.expires_at_ms) }).toEqual({
      jti,
      client_id: D1_CLIENT,
      revoked_by: D1_CLIENT,
      expires_at_ms: (exp ?? 0) * 1000,
    });
  });

  test('twice is as good as once, and so is what never was an access token', async () => {
    const token = await gateway.accessToken();
    for (const one of [token, token, 'nonsense', `${token}x`]) expect((await revoke(one)).status).toBe(200);
  });

  test('400 for somebody else’s, which stays good', async () => {
    const token = await gateway.accessToken();
    const answer = await revoke(token, 'other_bank');
    expect([answer.status, answer.json()]).toEqual([
      400,
      {
        errorCode: 'FIELD_INVALID_FORMAT',
        error: 'invalid_request',
        error_description: 'token was not issued to this client',
      },
    ]);
    expect(await statusWith(token)).toBe(204);
  });

  test('an operator may, for clients of its merchant gateways and for no others', async () => {
    const [ours, theirs] = [await gateway.accessToken(), await gateway.accessToken('other_bank')];
    expect((await revoke(ours, 'operator')).status).toBe(200);
    expect((await revoke(theirs, 'operator')).status).toBe(400);
    expect(await statusWith(ours)).toBe(401);
    expect(await statusWith(theirs)).toBe(404);
  });

  test('not even an operator who is named for each merchant gateway may for one of all of them, or look into it', async () => {
    const gateways = PROVISION.merchantGateways.map(({ id }) => id);
    const operator = { scopes: ['gateway:operate'], merchantGateways: gateways };
    const clients = [
      { ...operator, clientId: 'operator' },
      { ...operator, clientId: 'admin', merchantGateways: ['*'] },
      { ...operator, clientId: 'second-admin', merchantGateways: ['*'] },
    ];
    const usual = gateway;
    gateway = await TestGateway.start({ provision: { ...PROVISION, clients } });
    try {
      const token = await gateway.accessToken('admin');
      expect((await introspect(token)).json()).toEqual({ active: false });
      expect((await revoke(token, 'operator')).status).toBe(400);
      expect((await introspect(token, 'second-admin')).json()).toMatchObject({ active: true, client_id: 'admin' });
      expect((await revoke(token, 'second-admin')).status).toBe(200);
      expect((await introspect(token, 'second-admin')).json()).toEqual({ active: false });
    } finally {
      await gateway.close();
      gateway = usual;
    }
  });

  test('401 without credentials; 400 without a token, and with two', async () => {
    const token = await gateway.accessToken();
    const without = await revoke(token, null);
    expect([without.status, without.json()]).toEqual([401, { error: 'invalid_client' }]);
    for (const [form, description] of [
      ['x=y', 'token is missing'],
      ['token=a&token=b', 'token is repeated'],
    ] as const) {
      const answer = await revoke('', D1_CLIENT, form);
      expect([answer.status, answer.json<{ error_description: string }>().error_description]).toEqual([
        400,
        description,
      ]);
    }
    expect(await statusWith(token)).toBe(204);
  });

  test('it is still revoked after a restart', async () => {
    const database = await createTestDatabase();
    const options = { database, env: { PUBLIC_URL: 'https://gateway.test' } };
    const mine = gateway;
    gateway = await TestGateway.start(options);
    const token = await gateway.accessToken();
    await revoke(token);
    await gateway.close();
    gateway = await TestGateway.start(options);
    try {
      expect(await statusWith(token)).toBe(401);
    } finally {
      await gateway.close();
      await database.drop();
      gateway = mine;
    }
  });
});

describe('POST /oauth2/introspect', () => {
  const INACTIVE = [200, { active: false }];

  test('tells an operator what an access token says', async () => {
    const token = await gateway.accessToken();
    const { jti, iat, exp } = decodeJwt(token);
    const answer = await introspect(token);
    expect(answer.headers).toMatchObject(NO_STORE);
    expect([answer.status, answer.json()]).toEqual([
      200,
      {
        active: true,
        token_type: 'Bearer',
        client_id: D1_CLIENT,
        sub: D1_CLIENT,
        scope: 'd1:notify',
        iss: gateway.config.server.publicUrl,
        aud: gateway.config.auth.audience,
        iat,
        exp,
        jti,
      },
    ]);
  });

  test('of what is no access token, is revoked, has run out or is another’s, nothing but that it is not active', async () => {
    const revoked = await gateway.accessToken();
    await revoke(revoked);
    const old = await gateway.accessToken();
    const others = await gateway.accessToken('other_bank');
    for (const token of ['nonsense', revoked, others]) {
      const answer = await introspect(token);
      expect([answer.status, answer.json()]).toEqual(INACTIVE);
    }
    gateway.clock.advance(906_000);
    const answer = await introspect(old);
    expect([answer.status, answer.json()]).toEqual(INACTIVE);
  });

  test('401 for D1 and for nobody; 400 without a token', async () => {
    const asD1 = await introspect('x', D1_CLIENT);
    expect([asD1.status, asD1.json()]).toEqual([401, { error: 'insufficient_scope' }]);
    const nobody = await send(gateway.url, '/oauth2/introspect', { headers: FORM, body: 'token=x' });
    expect([nobody.status, nobody.json()]).toEqual([401, { error: 'invalid_token' }]);
    expect((await introspect('', 'operator', 'x=y')).status).toBe(400);
  });
});

// SQLite is for one instance.
test.runIf(inject('engine') === 'postgres').each([
  ['', 0],
  [', be the clock of the one that revoked it ten minutes behind', 600_000],
])('another instance refuses it, too%s', async (_when, behindMs) => {
  const database = await createTestDatabase();
  const provision = { ...PROVISION, clients: PROVISION.clients.map((one) => ({ ...one, clientSecret: 'shared' })) };
  const options = { database, provision, env: { PUBLIC_URL: 'https://gateway.test' } };
  const [one, other] = [await TestGateway.start(options), await TestGateway.start(options)];
  try {
    const headers = { ...FORM, authorization: basic(D1_CLIENT, 'shared') };
    const granted = await send(one.url, '/oauth2/token', { headers, body: 'grant_type=client_credentials' });
    one.clock.advance(-behindMs);
    const { access_token: token } = granted.json<{ access_token: string }>();
    expect(await statusWith(token, other)).toBe(204);
    await send(one.url, '/oauth2/revoke', { headers, body: `token=${token}` });
    await vi.waitFor(async () => expect(await statusWith(token, other)).toBe(401), { timeout: 6000 });
  } finally {
    await Promise.all([one.close(), other.close()]);
    await database.drop();
  }
});
