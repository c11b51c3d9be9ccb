import { decodeJwt } from 'jose';
import { writeFile } from 'node:fs/promises';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { timeOrderedId } from '../../../src/clock/time-ordered-id.js';
import { Provisioner } from '../../../src/registry/provisioning/provisioner.js';
import { UUID } from '../../support/operated-gateway.js';
import { ADMIN, LIMITED, OTHER_GATEWAY, RegistryGateway } from '../../support/registry-gateway.js';
import { basic, D1_CLIENT, MERCHANT, MERCHANT_GATEWAY, notifyPath, TOKEN } from '../../support/test-gateway.js';
import { send } from '../../support/http.js';

const FIRST_SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const SECOND_SECRET = 'whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD';
const GATEWAY = `/registry/merchant-gateways/${MERCHANT_GATEWAY}`;

let registry: RegistryGateway;
beforeEach(async () => {
  registry = await RegistryGateway.start();
});
afterEach(() => registry.close());

type Entry = Record<string, unknown>;

const everything = async (as = ADMIN, query = ''): Promise<Entry[]> =>
  (await registry.call('GET', `/operations/audit${query}`, { as })).json<{ items: Entry[] }>().items;

/** But for the provisioning at the start. */
const audit = async (as = ADMIN, query = ''): Promise<Entry[]> =>
  (await everything(as, query)).filter(({ clientId }) => clientId !== 'gateway:start');

it('says who did what, from where, when, before and after', async () => {
  const headers = { 'x-correlation-id': 'ticket-42' };
  await registry.call('PUT', GATEWAY, { body: { name: 'Renamed' }, headers, as: LIMITED });

  expect(await audit()).toEqual([
    {
      id: UUID,
      at: registry.gateway.clock.now().toISOString(),
      clientId: LIMITED,
      remoteAddress: '127.0.0.1',
      correlationId: 'ticket-42',
      action: 'merchant-gateway.put',
      merchantGatewayId: MERCHANT_GATEWAY,
      target: GATEWAY,
      before: { id: MERCHANT_GATEWAY, name: 'Example PSP', authentication: null },
      after: { id: MERCHANT_GATEWAY, name: 'Renamed', authentication: null },
    },
  ]);
});

it('has nothing of what changed nothing, or was refused', async () => {
  await registry.call('PUT', GATEWAY, { body: { name: 'Example PSP' } });
  await registry.call('PUT', GATEWAY, { body: { name: '' } });
  await registry.call('DELETE', GATEWAY);

  expect(await audit()).toEqual([]);
});

it('holds no secrets', async () => {
  const made = await registry.call('PUT', `${GATEWAY}/merchants/${MERCHANT}/destinations/main`, {
    body: { kind: 'webhook', url: 'https://shop.example/d1' },
  });
  const added = await registry.call('POST', `/registry/clients/${D1_CLIENT}/secrets`, { body: {} });

  const text = JSON.stringify(await registry.gateway.query('select * from audit_entries'));
  expect(text).toContain('client-secret.add');
  expect(text).not.toContain(made.json<{ secret: string }>().secret);
  expect(text).not.toContain(added.json<{ clientSecret: string }>().clientSecret);
  expect(text).not.toContain('hash');
});

it('shows everybody its own merchant gateways, filtered and page by page', async () => {
  await registry.call('PUT', GATEWAY, { body: { name: 'One' } });
  await registry.call('PUT', `/registry/merchant-gateways/${OTHER_GATEWAY}`, { body: { name: 'Two' } });
  await registry.call('DELETE', `${GATEWAY}/merchants/${MERCHANT}/tokens/${TOKEN}`);
  await registry.call('POST', '/registry/signing-keys');

  const actions = (items: Record<string, unknown>[]) => items.map(({ action }) => action);
  expect(actions(await audit())).toEqual([
    'signing-key.rotate',
    'token.delete',
    'merchant-gateway.put',
    'merchant-gateway.put',
  ]);
  expect(actions(await audit(LIMITED))).toEqual(['token.delete', 'merchant-gateway.put']);
  expect(actions(await audit(ADMIN, '?action=token.delete'))).toEqual(['token.delete']);
  const page = (await registry.call('GET', '/operations/audit?limit=3')).json<{ nextCursor: string }>();
  expect(await audit(ADMIN, `?limit=3&cursor=${page.nextCursor}`)).toHaveLength(1);
});

it('has what a provisioning file has changed, and not that it was applied again', async () => {
  const { app, config } = registry.gateway;
  const file = config.provisionFile ?? '';
  const atStart = {
    clientId: 'gateway:start',
    remoteAddress: 'local',
    action: 'provisioning.apply',
    merchantGatewayId: null,
    target: '/registry',
  };
  expect(await everything()).toMatchObject([atStart]);
  expect(await everything(LIMITED)).toEqual([]);

  await app.get(Provisioner).applyFile(file);
  expect(await everything()).toHaveLength(1);

  const secret = 'a secret that people chose';
  const gateway = { id: MERCHANT_GATEWAY, name: 'Renamed' };
  const merchant = { id: MERCHANT, name: 'Example shop', tokens: ['t-new-1', 't-new-2'] };
  const client = { clientId: D1_CLIENT, clientSecret: secret, scopes: ['d1:notify'], merchantGateways: [gateway.id] };
  await writeFile(
    file,
    JSON.stringify({ merchantGateways: [{ ...gateway, merchants: [merchant] }], clients: [client] }),
  );
  const actor = { clientId: 'cli:alice', remoteAddress: 'local', correlationId: 'ticket-42' };
  await app.get(Provisioner).applyFile(file, { generateSecrets: true, actor });

  expect(await audit()).toMatchObject([
    {
      ...actor,
      action: 'provisioning.apply',
      after: {
        changes: [
          `change merchant gateway ${MERCHANT_GATEWAY}: name "Example PSP" → "Renamed"`,
          `add tokens of merchant ${MERCHANT_GATEWAY}/${MERCHANT}: 2`,
          `change client ${D1_CLIENT}: secret, at once, in place of the one it has`,
        ],
        total: 3,
      },
    },
  ]);
  expect(JSON.stringify(await audit())).not.toContain(secret);
});

it('has a file that was refused neither in the registry nor here', async () => {
  const { app, config } = registry.gateway;
  const client = { clientId: 'new', scopes: ['d1:notify'], merchantGateways: ['MGW_999999'] };
  await writeFile(config.provisionFile ?? '', JSON.stringify({ clients: [client] }));

  await expect(app.get(Provisioner).applyFile(config.provisionFile ?? '')).rejects.toThrow('is not declared');
  expect(await audit()).toEqual([]);
});

it('has the revocation of an access token, once', async () => {
  const { gateway } = registry;
  const token = await gateway.accessToken(D1_CLIENT);
  const { jti = '', exp = 0 } = decodeJwt(token);
  const headers = {
    authorization: basic(LIMITED, gateway.secretOf(LIMITED)),
    'content-type': 'application/x-www-form-urlencoded',
    'x-correlation-id': 'ticket-42',
  };
  for (let time = 0; time < 2; time += 1) {
    const body = `token=${token}`;
    expect((await send(gateway.url, '/oauth2/revoke', { headers, body })).status).toBe(200);
  }

  expect(await audit(LIMITED)).toEqual([
    {
      id: UUID,
      at: gateway.clock.now().toISOString(),
      clientId: LIMITED,
      remoteAddress: '127.0.0.1',
      correlationId: 'ticket-42',
      action: 'access-token.revoke',
      merchantGatewayId: MERCHANT_GATEWAY,
      target: `/registry/clients/${D1_CLIENT}`,
      before: null,
      after: { jti, expiresAt: new Date(exp * 1000).toISOString() },
    },
  ]);
});

it('has the replacement of a destination’s secret, which is another ETag, too', async () => {
  const path = `${GATEWAY}/merchants/${MERCHANT}/destinations/main`;
  const body = { kind: 'webhook', url: 'https://shop.example/d1' };
  const put = (secret: string, headers = {}) => registry.call('PUT', path, { body: { ...body, secret }, headers });
  const made = await put(FIRST_SECRET);
  const etag = made.headers.etag ?? '';

  expect((await put(FIRST_SECRET)).headers.etag).toBe(etag);
  const replaced = await put(SECOND_SECRET, { 'if-match': etag });
  expect(replaced.status).toBe(200);
  expect(replaced.headers.etag).not.toBe(etag);
  // Whoever has seen the one before does not undo that.
  expect((await put(FIRST_SECRET, { 'if-match': etag })).status).toBe(412);

  const [entry, ...others] = await audit();
  expect(others).toHaveLength(1);
  expect(entry).toMatchObject({
    action: 'destination.put',
    target: path,
    before: { secrets: 1 },
    after: { secrets: 1 },
  });
  const { before, after } = entry as Record<'before' | 'after', { secretFingerprints: string[] }>;
  expect(after.secretFingerprints).not.toEqual(before.secretFingerprints);
  const text = JSON.stringify([entry, ...others, replaced.json()]);
  expect(text).not.toContain(FIRST_SECRET.slice(6));
  expect(text).not.toContain(SECOND_SECRET.slice(6));
});

it('is append-only', async () => {
  await registry.call('PUT', GATEWAY, { body: { name: 'Renamed' } });

  await expect(registry.gateway.query(`update audit_entries set client_id = 'nobody'`)).rejects.toThrow('append-only');
  await expect(registry.gateway.query('delete from audit_entries')).rejects.toThrow('append-only');
});

it('failed notifications are listed, and recorded after all', async () => {
  const { clock } = registry.gateway;
  // Of today: retention looks at the time in it.
  const id = timeOrderedId(clock.nowMs());
  await registry.gateway.query(
    `insert into failed_notifications
       (id, merchant_gateway_id, merchant_id, token_id, correlation_id, client_id, payload, received_at_ms, cause)
     values ('${id}', '${MERCHANT_GATEWAY}', '${MERCHANT}', '${TOKEN}', 'c-1', '${D1_CLIENT}', null, ${clock.nowMs()}, 'a fault')`,
  );
  const item = {
    id,
    merchantGatewayId: MERCHANT_GATEWAY,
    merchantId: MERCHANT,
    tokenId: TOKEN,
    correlationId: 'c-1',
    clientId: D1_CLIENT,
    receivedAt: clock.now().toISOString(),
    cause: 'a fault',
    replayedAt: null,
  };
  expect((await registry.call('GET', '/operations/failed', { as: LIMITED })).json()).toEqual({
    items: [item],
    nextCursor: null,
  });

  const replayed = { ...item, replayedAt: clock.now().toISOString() };
  const path = `/operations/failed/${id}/replay`;
  const accepted = async (): Promise<string | undefined> =>
    /notifications_total\{result="accepted"\} \d+/.exec(
      (await send(registry.gateway.url, '/metrics', { method: 'GET' })).body,
    )?.[0];
  expect((await registry.call('POST', path)).json()).toEqual(replayed);
  expect((await registry.call('POST', path)).json()).toEqual(replayed);

  expect((await registry.call('GET', '/operations/notifications')).json()).toMatchObject({
    items: [{ id, sequence: 1 }],
  });
  // D1 has not called again.
  expect(await accepted()).toBe('notifications_total{result="accepted"} 0');
  expect(await audit()).toMatchObject([{ action: 'failed-notification.replay', target: `/operations/failed/${id}` }]);
  expect((await registry.call('POST', '/operations/failed/nothing/replay')).status).toBe(404);
  const headers = await registry.authorization(D1_CLIENT);
  expect((await send(registry.gateway.url, notifyPath(), { headers })).status).toBe(204);
  expect(await accepted()).toBe('notifications_total{result="accepted"} 1');
});
