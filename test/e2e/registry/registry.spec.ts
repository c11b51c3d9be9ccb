import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { send } from '../../support/http.js';
import { LIMITED, OTHER_GATEWAY, problem, READER, RegistryGateway } from '../../support/registry-gateway.js';
import { D1_CLIENT, MERCHANT, MERCHANT_GATEWAY, notifyPath, TOKEN } from '../../support/test-gateway.js';

const GATEWAYS = '/registry/merchant-gateways';
const GATEWAY = `${GATEWAYS}/${MERCHANT_GATEWAY}`;
const MERCHANTS = `${GATEWAY}/merchants`;
const SHOP = `${MERCHANTS}/${MERCHANT}`;
const TOKENS = `${SHOP}/tokens`;
const NEW_MERCHANT = `${MERCHANTS}/10610029999`;

let registry: RegistryGateway;
beforeEach(async () => {
  registry = await RegistryGateway.start();
});
afterEach(() => registry.close());

const iso = (): string => registry.gateway.clock.now().toISOString();

describe('a merchant gateway', () => {
  const path = `${GATEWAYS}/MGW_000003`;

  it('is made, read, changed and deleted', async () => {
    const made = await registry.call('PUT', path, { body: { name: 'Third PSP' } });
    expect([made.status, made.json()]).toEqual([201, { id: 'MGW_000003', name: 'Third PSP', authentication: null }]);

    const changed = await registry.call('PUT', path, { body: { name: 'Third' } });
    expect([changed.status, changed.json()]).toEqual([200, { id: 'MGW_000003', name: 'Third', authentication: null }]);

    const read = await registry.call('GET', path);
    expect([read.status, read.json()]).toEqual([200, { id: 'MGW_000003', name: 'Third', authentication: null }]);
    expect(read.headers.etag).toBe(changed.headers.etag);

    const deleted = await registry.call('DELETE', path);
    expect([deleted.status, deleted.body]).toEqual([204, '']);
    const gone = await registry.call('GET', path);
    expect(gone.json()).toEqual(problem(404, 'Not Found', 'There is no such merchant gateway'));
  });

  it('may ask D1 for something else, from the next call on', async () => {
    const put = (body: object) => registry.call('PUT', GATEWAY, { body: { name: 'Example PSP', ...body } });
    const asked = await put({ authentication: 'oauth' });
    expect([asked.status, asked.json()]).toEqual([
      200,
      { id: MERCHANT_GATEWAY, name: 'Example PSP', authentication: 'oauth' },
    ]);
    // What is not given stays.
    expect((await put({ name: 'Renamed' })).json()).toMatchObject({ name: 'Renamed', authentication: 'oauth' });
    expect((await put({ authentication: null })).json()).toMatchObject({ authentication: null });

    const audited = await registry.call('GET', '/operations/audit?action=merchant-gateway.put');
    const { items } = audited.json<{
      items: { before: { authentication: unknown }; after: { authentication: unknown } }[];
    }>();
    expect(items.map(({ before, after }) => [before.authentication, after.authentication])).toEqual([
      ['oauth', null],
      ['oauth', 'oauth'],
      [null, 'oauth'],
    ]);
  });

  it.each(['mtls', 'oauth+mtls'])('cannot ask for %s where nothing checks certificates', async (authentication) => {
    const refused = await registry.call('PUT', GATEWAY, { body: { name: 'Example PSP', authentication } });
    const why = `authentication is ${authentication}, and there is nothing to check a certificate by: it needs TLS_CLIENT_CA_FILE, or CLIENT_CERT_HEADER with TRUSTED_PROXIES`;
    expect(refused.json()).toEqual(problem(400, 'Bad Request', why));
    expect((await registry.call('GET', GATEWAY)).json()).toMatchObject({ authentication: null });
  });

  it('cannot ask for what there is not, or to be let alone', async () => {
    for (const authentication of ['trusted-network', '', 1]) {
      const refused = await registry.call('PUT', GATEWAY, { body: { name: 'Example PSP', authentication } });
      expect(refused.json()).toEqual(
        problem(400, 'Bad Request', 'authentication is not one of oauth, mtls, oauth+mtls'),
      );
    }
  });

  it('that asks for a certificate gets it asked of D1', async () => {
    await registry.close();
    registry = await RegistryGateway.start({ env: { CLIENT_CERT_HEADER: 'rfc9440', TRUSTED_PROXIES: '127.0.0.1' } });
    const headers = await registry.authorization(D1_CLIENT);
    const notify = async (): Promise<number> => (await send(registry.gateway.url, notifyPath(), { headers })).status;
    expect(await notify()).toBe(204);
    const body = { name: 'Example PSP', authentication: 'oauth+mtls' };
    expect((await registry.call('PUT', GATEWAY, { body })).status).toBe(200);
    expect(await notify()).toBe(401);
    expect((await registry.call('PUT', GATEWAY, { body: { ...body, authentication: null } })).status).toBe(200);
    expect(await notify()).toBe(204);
  });

  it('is not deleted while it has merchants', async () => {
    const answer = await registry.call('DELETE', GATEWAY);

    expect(answer.json()).toEqual(problem(409, 'Conflict', 'The merchant gateway has merchants'));
  });

  it('is listed page by page', async () => {
    const first = await registry.call('GET', `${GATEWAYS}?limit=1`);
    const { nextCursor } = first.json<{ nextCursor: string }>();
    const second = await registry.call('GET', `${GATEWAYS}?limit=1&cursor=${nextCursor}`);

    expect(first.json()).toEqual({
      items: [{ id: MERCHANT_GATEWAY, name: 'Example PSP', authentication: null }],
      nextCursor,
    });
    expect(second.json()).toEqual({
      items: [{ id: OTHER_GATEWAY, name: 'Other PSP', authentication: null }],
      nextCursor: null,
    });
  });
});

describe('a merchant', () => {
  it('is made, read, changed and deleted', async () => {
    const made = await registry.call('PUT', NEW_MERCHANT, { body: { name: 'New shop' } });
    const shop = { id: '10610029999', name: 'New shop', deliveryMode: 'deferred' };
    expect([made.status, made.json()]).toEqual([201, shop]);

    const changed = await registry.call('PUT', NEW_MERCHANT, { body: { name: 'New shop', deliveryMode: 'relay' } });
    expect([changed.status, changed.json()]).toEqual([200, { ...shop, deliveryMode: 'relay' }]);
    expect((await registry.call('GET', NEW_MERCHANT)).json()).toEqual({ ...shop, deliveryMode: 'relay' });
    expect((await registry.call('GET', MERCHANTS)).json()).toEqual({
      items: [
        { id: MERCHANT, name: 'Example shop', deliveryMode: 'deferred' },
        { ...shop, deliveryMode: 'relay' },
      ],
      nextCursor: null,
    });

    expect((await registry.call('DELETE', NEW_MERCHANT)).status).toBe(204);
    expect((await registry.call('DELETE', NEW_MERCHANT)).json()).toEqual(
      problem(404, 'Not Found', 'There is no such merchant'),
    );
  });

  it('is not deleted while it has tokens', async () => {
    expect((await registry.call('DELETE', SHOP)).json()).toEqual(problem(409, 'Conflict', 'The merchant has tokens'));
  });
});

describe('a token', () => {
  it('is registered, read and deleted; again changes nothing', async () => {
    const made = await registry.call('PUT', `${TOKENS}/t-9`);
    const token = { id: 't-9', registeredAt: iso() };
    expect([made.status, made.json()]).toEqual([201, token]);
    registry.gateway.clock.advance(60_000);

    const again = await registry.call('PUT', `${TOKENS}/t-9`);
    expect([again.status, again.json(), again.headers.etag]).toEqual([200, token, made.headers.etag]);
    expect((await registry.call('GET', `${TOKENS}?limit=1`)).json()).toMatchObject({ items: [{ id: TOKEN }] });

    expect((await registry.call('DELETE', `${TOKENS}/t-9`)).status).toBe(204);
    expect((await registry.call('GET', `${TOKENS}/t-9`)).status).toBe(404);
  });

  it('gets what D1 has sent before it was registered', async () => {
    const headers = await registry.authorization(D1_CLIENT);
    expect((await send(registry.gateway.url, notifyPath(undefined, undefined, 't-9'), { headers })).status).toBe(404);
    expect((await registry.call('GET', '/operations/unmatched')).json()).toMatchObject({
      items: [{ tokenId: 't-9', reason: 'UNKNOWN_TOKEN' }],
    });

    await registry.call('PUT', `${TOKENS}/t-9`);

    await expect
      .poll(() => registry.gateway.query('select token_id, sequence from notifications'))
      .toMatchObject([{ token_id: 't-9' }]);
    expect((await registry.call('GET', '/operations/unmatched')).json()).toEqual({ items: [], nextCursor: null });
  });

  it('goes on with its sequence when it is registered again: a notification’s is unique', async () => {
    const headers = await registry.authorization(D1_CLIENT);
    const notify = async () => (await send(registry.gateway.url, notifyPath(), { headers })).status;
    expect([await notify(), await notify()]).toEqual([204, 204]);
    await registry.call('DELETE', `${TOKENS}/${TOKEN}`);
    expect(await notify()).toBe(404);
    await registry.call('PUT', `${TOKENS}/${TOKEN}`);

    await expect
      .poll(() => registry.gateway.query<{ sequence: string }>('select sequence from notifications'))
      .toHaveLength(3);
    expect(await notify()).toBe(204);
  });

  it('is registered while D1 keeps calling: neither is in the other’s way', async () => {
    const headers = await registry.authorization(D1_CLIENT);
    const notifications = Array.from({ length: 60 }, () => send(registry.gateway.url, notifyPath(), { headers }));
    const puts = Array.from({ length: 30 }, (_, n) => registry.call('PUT', `${TOKENS}/n-${n}`));

    expect(new Set((await Promise.all(notifications)).map(({ status }) => status))).toEqual(new Set([204]));
    expect(new Set((await Promise.all(puts)).map(({ status }) => status))).toEqual(new Set([201]));
  });
});

describe('a destination', () => {
  const path = `${SHOP}/destinations/main`;
  const webhook = { kind: 'webhook', url: 'https://shop.example/d1', ratePerSecond: 50 };

  it('is made with a secret of ours, shown once, and keeps it', async () => {
    const made = await registry.call('PUT', path, { body: webhook });
    const { secret, ...item } = made.json<{ secret: string }>();
    expect(made.status).toBe(201);
    expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    expect(item).toEqual({
      name: 'main',
      kind: 'webhook',
      url: 'https://shop.example/d1',
      secrets: 1,
      secretFingerprints: [expect.stringMatching(/^[\w-]{12}$/)],
      handler: null,
      ratePerSecond: 50,
      coalesce: false,
      createdAt: iso(),
      disabledAt: null,
    });
    const kept = await registry.gateway.query('select encrypted_secrets from destinations');

    const again = await registry.call('PUT', path, { body: webhook });
    expect([again.status, again.json()]).toEqual([200, item]);
    expect(await registry.gateway.query('select encrypted_secrets from destinations')).toEqual(kept);
    expect((await registry.call('GET', path)).json()).toEqual(item);
  });

  it('has two secrets while one is being replaced', async () => {
    const previous = (await registry.call('PUT', path, { body: webhook })).json<{ secret: string }>().secret;
    const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';

    const answer = await registry.call('PUT', path, { body: { ...webhook, secret, previousSecret: previous } });

    expect(answer.json()).toMatchObject({ secrets: 2 });
    expect(answer.body).not.toContain('whsec_');
  });

  it('is disabled, which cancels what is pending, and enabled again', async () => {
    await registry.call('PUT', path, { body: webhook });
    const headers = await registry.authorization(D1_CLIENT);
    await send(registry.gateway.url, notifyPath(), { headers });

    const disabled = await registry.call('PUT', path, { body: { ...webhook, enabled: false } });
    expect(disabled.json()).toMatchObject({ disabledAt: iso() });
    await expect
      .poll(() => registry.gateway.query<{ state: string }>('select state from deliveries'))
      .not.toMatchObject([{ state: 'pending' }]);

    expect((await registry.call('PUT', path, { body: webhook })).json()).toMatchObject({ disabledAt: null });
  });

  it('is not paused when it is made again after it was deleted, and stays so when it is only changed', async () => {
    const state = async (): Promise<unknown> =>
      (await registry.call('GET', '/operations/destinations')).json<{ items: { state: string }[] }>().items[0]?.state;
    await registry.call('PUT', path, { body: webhook });
    const [{ id } = { id: '' }] = await registry.gateway.query<{ id: string }>('select id from destinations');
    await registry.call('POST', `/operations/destinations/${id}/pause`);

    await registry.call('PUT', path, { body: { ...webhook, ratePerSecond: 5 } });
    expect(await state()).toBe('paused');

    await registry.call('DELETE', path);
    await registry.call('PUT', path, { body: webhook });
    expect(await state()).toBe('active');
  });

  it('is deleted: it gets nothing more, its deliveries stay, and it can be made again', async () => {
    await registry.call('PUT', path, { body: webhook });
    const headers = await registry.authorization(D1_CLIENT);
    await send(registry.gateway.url, notifyPath(), { headers });

    expect((await registry.call('DELETE', path)).status).toBe(204);

    expect((await registry.call('GET', path)).status).toBe(404);
    expect((await registry.call('GET', `${SHOP}/destinations`)).json()).toEqual({ items: [], nextCursor: null });
    await send(registry.gateway.url, notifyPath(), { headers });
    expect(await registry.gateway.query('select id from deliveries')).toHaveLength(1);
    expect((await registry.call('GET', '/operations/deliveries')).json()).toMatchObject({
      items: [{ destination: { name: 'main' } }],
    });
    expect((await registry.call('PUT', path, { body: webhook })).status).toBe(201);
  });

  it.each([
    ['kind is not one of webhook, handler', { kind: 'pigeon' }],
    ['url must be an https URL', { kind: 'webhook', url: 'ftp://shop.example' }],
    ['secret is no signing secret of Standard Webhooks', { ...webhook, secret: { file: '/etc/passwd' } }],
    [
      'secret is no signing secret of Standard Webhooks: whsec_ and 24 to 64 bytes in base64, or whsk_',
      { ...webhook, secret: 'whsec_AAAA' },
    ],
    ['handler is not one that is registered', { kind: 'handler', handler: 'nobody' }],
    ['ratePerSecond must be a whole number from 1 to 100000', { ...webhook, ratePerSecond: 0 }],
    ['colour is not known', { ...webhook, colour: 'red' }],
  ])('is refused: %s', async (detail, body) => {
    const answer = await registry.call('PUT', path, { body });

    expect(answer.json()).toMatchObject({ status: 400, detail: expect.stringContaining(detail) });
    expect(await registry.gateway.query('select id from destinations')).toEqual([]);
  });
});

describe('conditional writes', () => {
  it('change nothing that has changed meanwhile', async () => {
    const { headers } = await registry.call('GET', GATEWAY);
    const ifMatch = { 'if-match': String(headers.etag) };

    expect((await registry.call('PUT', GATEWAY, { body: { name: 'Mine' }, headers: ifMatch })).status).toBe(200);
    const late = await registry.call('PUT', GATEWAY, { body: { name: 'Yours' }, headers: ifMatch });
    expect(late.json()).toEqual(problem(412, 'Precondition Failed', 'It has changed meanwhile'));
    expect((await registry.call('DELETE', GATEWAY, { headers: ifMatch })).status).toBe(412);
    expect((await registry.call('GET', GATEWAY)).json()).toMatchObject({ name: 'Mine' });
  });

  it('make nothing that is there, and change nothing that is not', async () => {
    const make = { body: { name: 'x' }, headers: { 'if-none-match': '*' } };
    const change = { body: { name: 'x' }, headers: { 'if-match': '*' } };

    expect((await registry.call('PUT', GATEWAY, make)).json()).toEqual(
      problem(412, 'Precondition Failed', 'It is there already'),
    );
    expect((await registry.call('PUT', NEW_MERCHANT, change)).json()).toEqual(
      problem(412, 'Precondition Failed', 'It is not there'),
    );
    expect((await registry.call('PUT', NEW_MERCHANT, make)).status).toBe(201);
  });

  it('read only what has changed', async () => {
    const { headers } = await registry.call('GET', GATEWAY);
    const answer = await registry.call('GET', GATEWAY, { headers: { 'if-none-match': String(headers.etag) } });

    expect([answer.status, answer.body]).toEqual([304, '']);
  });
});

describe('who may', () => {
  it('whoever is limited to some merchant gateways sees no other', async () => {
    const paths = [OTHER_GATEWAY, 'MGW_999999'].flatMap((id) => [
      ['GET', `${GATEWAYS}/${id}`],
      ['PUT', `${GATEWAYS}/${id}`],
      ['DELETE', `${GATEWAYS}/${id}`],
      ['GET', `${GATEWAYS}/${id}/merchants`],
      ['PUT', `${GATEWAYS}/${id}/merchants/20610027312`],
      ['GET', `${GATEWAYS}/${id}/merchants/20610027312/tokens/t-1`],
      ['PUT', `${GATEWAYS}/${id}/merchants/20610027312/tokens/t-1`],
    ]);
    for (const [method = '', path = ''] of paths) {
      const answer = await registry.call(method, path, {
        as: LIMITED,
        ...(method === 'PUT' && { body: { name: 'x' } }),
      });
      expect(answer.json(), `${method} ${path}`).toEqual(
        problem(404, 'Not Found', 'There is no such merchant gateway'),
      );
    }
    expect((await registry.call('GET', GATEWAYS, { as: LIMITED })).json()).toMatchObject({ items: { length: 1 } });
    expect((await registry.call('PUT', NEW_MERCHANT, { as: LIMITED, body: { name: 'x' } })).status).toBe(201);
  });

  it('whoever has gateway:read reads, and changes nothing', async () => {
    expect((await registry.call('GET', SHOP, { as: READER })).status).toBe(200);
    expect((await registry.call('GET', '/operations/deliveries', { as: READER })).status).toBe(200);
    for (const [method, path] of [
      ['PUT', SHOP],
      ['DELETE', SHOP],
      ['POST', '/registry/clients'],
      ['POST', '/operations/deliveries/replay'],
    ] as const) {
      const answer = await registry.call(method, path, { as: READER, body: { name: 'x' } });
      expect(answer.json(), method).toEqual(problem(401, 'Unauthorized', 'The access token is missing or not valid'));
      expect(answer.headers['www-authenticate']).toContain('insufficient_scope');
    }
  });

  it('not D1', async () => {
    expect((await registry.call('GET', SHOP, { as: D1_CLIENT })).status).toBe(401);
    expect((await registry.call('PUT', SHOP, { as: D1_CLIENT, body: { name: 'x' } })).status).toBe(401);
  });
});

it.each([
  ['PUT', `${GATEWAYS}/short`, { name: 'x' }, 'merchantGatewayId is not in the expected format'],
  ['PUT', `${MERCHANTS}/short`, { name: 'x' }, 'merchantId is not in the expected format'],
  ['PUT', `${TOKENS}/not%00a%00token`, undefined, 'tokenId is not in the expected format'],
  ['PUT', GATEWAY, { name: '' }, 'name must be a text of 1 to 200 characters'],
  ['PUT', GATEWAY, { name: 'x', id: 'y' }, 'id is not known'],
  ['PUT', GATEWAY, { name: 'x\u0000' }, 'name holds a character that is no text'],
  ['PUT', GATEWAY, { name: '\uD800' }, 'name holds a character that is no text'],
  ['PUT', SHOP, { name: 'x', deliveryMode: 'pigeon' }, 'deliveryMode is not one of deferred, relay'],
  ['GET', `${GATEWAYS}?limit=0`, undefined, 'limit must be a whole number from 1 to 500'],
  ['GET', `${GATEWAYS}?cursor=%2F`, undefined, 'cursor is not one that a page has given'],
])('refuses %s %s with %o: %s', async (method, path, body, detail) => {
  const answer = await registry.call(method, path, body && { body });

  expect(answer.json()).toEqual(problem(400, 'Bad Request', detail));
});

it('takes what is no id for the id of nothing', async () => {
  expect((await registry.call('GET', `${TOKENS}/not%00a%00token`)).json()).toEqual(
    problem(404, 'Not Found', 'There is no such token'),
  );
});
