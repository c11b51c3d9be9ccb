import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { decodeProtectedHeader } from 'jose';
import { basic, D1_CLIENT, MERCHANT_GATEWAY, notifyPath } from '../../support/test-gateway.js';
import { send, type Answer } from '../../support/http.js';
import { LIMITED, OTHER_GATEWAY, problem, RegistryGateway } from '../../support/registry-gateway.js';
import { UUID } from '../../support/operated-gateway.js';

const CLIENTS = '/registry/clients';

let registry: RegistryGateway;
beforeEach(async () => {
  registry = await RegistryGateway.start();
});
afterEach(() => registry.close());

const iso = (): string => registry.gateway.clock.now().toISOString();
const token = (clientId: string, secret: string): Promise<Answer> =>
  send(registry.gateway.url, '/oauth2/token', {
    headers: { authorization: basic(clientId, secret), 'content-type': 'application/x-www-form-urlencoded' },
    body: 'grant_type=client_credentials',
  });

describe('clients', () => {
  const body = { clientId: 'new_bank', scopes: ['d1:notify'], merchantGateways: [MERCHANT_GATEWAY] };

  it('are made with a secret that is shown once', async () => {
    const made = await registry.call('POST', CLIENTS, { body });
    const { clientSecret, ...item } = made.json<{ clientSecret: string }>();

    expect(made.status).toBe(201);
    expect(item).toEqual({
      ...body,
      createdAt: iso(),
      disabledAt: null,
      secrets: [{ id: UUID, kind: 'generated', createdAt: iso(), expiresAt: null }],
    });
    expect((await token('new_bank', clientSecret)).status).toBe(200);
    expect((await registry.call('GET', `${CLIENTS}/new_bank`)).body).not.toContain(clientSecret);
    const taken = await registry.call('POST', CLIENTS, { body });
    expect(taken.json()).toEqual(problem(409, 'Conflict', 'There is such a client already'));
  });

  it('tell when each secret was last used', async () => {
    const lastUsed = async () =>
      (await registry.call('GET', `${CLIENTS}/${D1_CLIENT}`)).json<{ secrets: { lastUsedAt: string | null }[] }>()
        .secrets[0]?.lastUsedAt;
    expect(await lastUsed()).toBeNull();
    const at = iso();
    const secret = registry.gateway.secretOf(D1_CLIENT);

    await token(D1_CLIENT, secret);
    await expect.poll(lastUsed, { timeout: 5000 }).toBe(at);
  });

  it('are disabled, which takes effect at once, and enabled', async () => {
    const headers = await registry.authorization(D1_CLIENT);
    const disabled = await registry.call('PATCH', `${CLIENTS}/${D1_CLIENT}`, { body: { disabled: true } });

    expect(disabled.json()).toMatchObject({ clientId: D1_CLIENT, disabledAt: iso() });
    expect((await send(registry.gateway.url, notifyPath(), { headers })).status).toBe(401);
    expect((await token(D1_CLIENT, registry.gateway.secretOf(D1_CLIENT))).status).toBe(401);

    const enabled = await registry.call('PATCH', `${CLIENTS}/${D1_CLIENT}`, { body: { disabled: false } });
    expect(enabled.json()).toMatchObject({ disabledAt: null });
    expect((await send(registry.gateway.url, notifyPath(), { headers })).status).toBe(204);
  });

  it('are changed only as they were read', async () => {
    await registry.call('POST', CLIENTS, { body });
    const read = await registry.call('GET', `${CLIENTS}/new_bank`);
    const headers = { 'if-match': String(read.headers.etag) };
    const merchantGateways = [MERCHANT_GATEWAY, OTHER_GATEWAY];

    const changed = await registry.call('PATCH', `${CLIENTS}/new_bank`, { body: { merchantGateways }, headers });
    expect([changed.status, changed.json()]).toEqual([200, expect.objectContaining({ merchantGateways })]);
    const late = await registry.call('PATCH', `${CLIENTS}/new_bank`, { body: { disabled: true }, headers });
    expect(late.json()).toEqual(problem(412, 'Precondition Failed', 'It has changed meanwhile'));
  });

  it('have the same tag when a secret was used, and tell the use to whoever has the tag', async () => {
    const path = `${CLIENTS}/${D1_CLIENT}`;
    const before = await registry.call('GET', path);
    await token(D1_CLIENT, registry.gateway.secretOf(D1_CLIENT));
    const headers = { 'if-none-match': String(before.headers.etag) };
    const read = (): Promise<Answer> => registry.call('GET', path, { headers });

    await expect.poll(async () => (await read()).body, { timeout: 5000 }).toContain(`"lastUsedAt":"${iso()}"`);

    expect((await read()).headers.etag).toBe(before.headers.etag);
    const body = { disabled: true };
    expect(
      (await registry.call('PATCH', path, { body, headers: { 'if-match': String(before.headers.etag) } })).status,
    ).toBe(200);
  });

  it('are shown to whoever acts for all their merchant gateways, who gives no more than it has', async () => {
    const as = LIMITED;
    const { items } = (await registry.call('GET', CLIENTS, { as })).json<{ items: { clientId: string }[] }>();
    expect(items.map(({ clientId }) => clientId)).toEqual([D1_CLIENT, LIMITED, 'reader']);
    expect((await registry.call('GET', `${CLIENTS}/other_bank`, { as })).status).toBe(404);
    expect((await registry.call('PATCH', `${CLIENTS}/admin`, { as, body: { disabled: true } })).status).toBe(404);
    for (const merchantGateways of [[OTHER_GATEWAY], [], ['*']]) {
      const answer = await registry.call('POST', CLIENTS, {
        as,
        body: { clientId: 'x', scopes: ['gateway:operate'], merchantGateways },
      });
      expect(answer.json()).toEqual(problem(404, 'Not Found', 'There is no such merchant gateway'));
    }
    expect((await registry.call('POST', CLIENTS, { as, body })).status).toBe(201);
  });

  it.each([
    ['clientId must be 1 to 128 printable characters without a colon', { ...body, clientId: 'a:b' }],
    ['scopes holds one that is not of d1:notify, gateway:operate, gateway:read', { ...body, scopes: ['all'] }],
    ['must name the merchant gateways of a client with d1:notify', { ...body, merchantGateways: ['*'] }],
    ['clientSecret must be a text of 16 to 256 characters', { ...body, clientSecret: 'short' }],
  ])('are refused: %s', async (detail, refused) => {
    const answer = await registry.call('POST', CLIENTS, { body: refused });
    expect(answer.json()).toMatchObject({ status: 400, detail: expect.stringContaining(detail) });
  });
});

describe('secrets', () => {
  const path = `${CLIENTS}/${D1_CLIENT}/secrets`;

  it('take each other’s place without a refusal', async () => {
    const old = registry.gateway.secretOf(D1_CLIENT);
    const added = await registry.call('POST', path, { body: {} });
    const { clientSecret, ...item } = added.json<{ clientSecret: string; id: string }>();
    expect(added.status).toBe(201);
    expect(item).toEqual({ id: UUID, kind: 'generated', createdAt: iso(), expiresAt: null });

    expect((await token(D1_CLIENT, old)).status).toBe(200);
    expect((await token(D1_CLIENT, clientSecret)).status).toBe(200);
    const third = await registry.call('POST', path, { body: {} });
    expect(third.json()).toEqual(problem(409, 'Conflict', 'The client has 2 secrets; one of them must go first'));

    const { secrets } = (await registry.call('GET', `${CLIENTS}/${D1_CLIENT}`)).json<{ secrets: { id: string }[] }>();
    expect((await registry.call('DELETE', `${path}/${secrets[0]?.id}`)).status).toBe(204);
    expect((await token(D1_CLIENT, old)).status).toBe(401);
    expect((await token(D1_CLIENT, clientSecret)).status).toBe(200);
    expect((await registry.call('DELETE', `${path}/${item.id}`)).json()).toEqual(
      problem(409, 'Conflict', 'It is the only secret; disable the client instead'),
    );
  });

  it('expire, and then make room', async () => {
    const old = registry.gateway.secretOf(D1_CLIENT);
    const previousExpiresAt = new Date(registry.gateway.clock.nowMs() + 3_600_000).toISOString();
    const chosen = 'a secret that was agreed on';
    const added = await registry.call('POST', path, { body: { clientSecret: chosen, previousExpiresAt } });
    expect(added.json()).toEqual({ id: UUID, kind: 'chosen', createdAt: iso(), expiresAt: null });
    expect((await token(D1_CLIENT, old)).status).toBe(200);

    registry.gateway.clock.advance(3_600_000);

    expect((await token(D1_CLIENT, old)).status).toBe(401);
    expect((await token(D1_CLIENT, chosen)).status).toBe(200);
  });

  it('are not taken away where it would leave none that is right', async () => {
    const expiresAt = new Date(registry.gateway.clock.nowMs() + 60_000).toISOString();
    const { id: short } = (await registry.call('POST', path, { body: { expiresAt } })).json<{ id: string }>();
    const { secrets } = (await registry.call('GET', `${CLIENTS}/${D1_CLIENT}`)).json<{ secrets: { id: string }[] }>();
    const lasting = `${path}/${secrets[0]?.id}`;

    registry.gateway.clock.advance(60_000);

    expect((await registry.call('DELETE', lasting)).json()).toEqual(
      problem(409, 'Conflict', 'It is the only secret; disable the client instead'),
    );
    expect((await registry.call('DELETE', `${path}/${short}`)).status).toBe(204);
    expect((await token(D1_CLIENT, registry.gateway.secretOf(D1_CLIENT))).status).toBe(200);
  });

  it('end no later for another that takes their place', async () => {
    const inHours = (hours: number): string =>
      new Date(registry.gateway.clock.nowMs() + hours * 3_600_000).toISOString();
    const { secrets } = (await registry.call('GET', `${CLIENTS}/${D1_CLIENT}`)).json<{ secrets: { id: string }[] }>();
    const made = await registry.call('POST', path, { body: { expiresAt: inHours(1) } });
    await registry.call('DELETE', `${path}/${secrets[0]?.id}`);

    await registry.call('POST', path, { body: { previousExpiresAt: inHours(24) } });

    const after = (await registry.call('GET', `${CLIENTS}/${D1_CLIENT}`)).json<{ secrets: unknown[] }>();
    expect(after.secrets).toEqual([
      expect.objectContaining({ id: made.json<{ id: string }>().id, expiresAt: inHours(1) }),
      expect.objectContaining({ expiresAt: null }),
    ]);
  });

  it('are refused where they are past', async () => {
    const answer = await registry.call('POST', path, { body: { expiresAt: '2020-01-01T00:00:00Z' } });
    expect(answer.json()).toEqual(problem(400, 'Bad Request', 'expiresAt is past'));
  });

  it('of nobody are not there', async () => {
    expect((await registry.call('POST', `${CLIENTS}/nobody/secrets`, { body: {} })).status).toBe(404);
    expect((await registry.call('DELETE', `${path}/x`)).status).toBe(404);
  });
});

describe('signing keys', () => {
  const kids = async (): Promise<string[]> =>
    (await send(registry.gateway.url, '/.well-known/jwks.json', { method: 'GET' }))
      .json<{ keys: { kid: string }[] }>()
      .keys.map(({ kid }) => kid);
  const kidOf = async (): Promise<string | undefined> =>
    decodeProtectedHeader(await registry.gateway.accessToken(D1_CLIENT)).kid;

  it('are published first and sign later; what the old one signed lives out', async () => {
    const [old = ''] = await kids();
    const headers = await registry.authorization(D1_CLIENT);
    const rotated = await registry.call('POST', '/registry/signing-keys');
    const { kid, signsFrom } = rotated.json<{ kid: string; signsFrom: string }>();

    expect(rotated.status).toBe(201);
    expect(Date.parse(signsFrom)).toBe(registry.gateway.clock.nowMs() + 120_000);
    expect(new Set(await kids())).toEqual(new Set([old, kid]));
    expect(await kidOf()).toBe(old);
    expect((await registry.call('POST', '/registry/signing-keys')).json()).toMatchObject({ kid });

    registry.gateway.clock.advance(120_000);
    expect(await kidOf()).toBe(kid);
    expect((await send(registry.gateway.url, notifyPath(), { headers })).status).toBe(204);
    await expect
      .poll(() => registry.gateway.query(`select kid from signing_keys where state = 'active'`))
      .toEqual([{ kid }]);

    registry.gateway.clock.advance(1_300_000);
    expect(await kids()).toEqual([kid]);
  });

  it('are for clients of every merchant gateway', async () => {
    expect((await registry.call('POST', '/registry/signing-keys', { as: LIMITED })).status).toBe(401);
  });
});
