import { fetchAccessToken, runNotifications } from '@gateway/d1-simulator';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it, vi } from 'vitest';
import { cli, type CliResult } from '../../support/cli.js';
import { GatewayProcess } from '../../support/gateway-process.js';
import { send } from '../../support/http.js';
import { answers, Receiver } from '../../support/receiver.js';
import { createTestDatabase, type TestDatabase } from '../../support/test-database.js';
import { basic, notifyPath } from '../../support/test-gateway.js';
import { Operator } from './operator.js';

// A process for each command, on machines that are busy.
vi.setConfig({ testTimeout: 120_000 });
const WAIT = { timeout: 60_000, interval: 100 };

const GATEWAY_ID = 'MGW_000007';
const SHOP = '10610027312';
const SLOW_SHOP = '10610027313';
/** Comes by a file. */
const NEW_SHOP = '10610027314';
const GATEWAY = `/registry/merchant-gateways/${GATEWAY_ID}`;
const D1 = 'is_tbank01';
const SECRETS = `/registry/clients/${D1}/secrets`;
const MANY_TOKENS = Array.from({ length: 100_000 }, (_, n) => `token-${n}`);
/** What D1 calls for. */
const TOKENS = MANY_TOKENS.slice(0, 300);
const WEBHOOK_SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const MASTER_KEY = Buffer.alloc(32, 7).toString('base64');

interface Delivery {
  readonly id: string;
  readonly state: string;
  readonly lastReason: string | null;
  readonly attemptHistory?: readonly { readonly outcome: string; readonly statusCode: number | null }[];
}
interface Destination {
  readonly id: string;
  readonly merchantId: string;
  readonly state: string;
  readonly pending: number;
}
interface Secret {
  readonly id: string;
  readonly lastUsedAt: string | null;
}

/** One day, from the first hour to the last: each goes on from where the one before has ended. */
describe.sequential('an operator’s day', () => {
  let database: TestDatabase;
  let gateway: GatewayProcess;
  let shop: Receiver;
  let slowShop: Receiver;
  let operator: Operator;
  let d1Secret: string;
  const run = (...args: string[]): Promise<CliResult> => cli(database, args, { MASTER_KEY });

  beforeAll(async () => {
    database = await createTestDatabase();
    [shop, slowShop] = await Promise.all([Receiver.start(), Receiver.start()]);
    gateway = await start();
  });
  afterAll(async () => {
    await gateway.end();
    await Promise.all([shop.close(), slowShop.close()]);
    await database.drop();
  });

  function start(settings: Readonly<Record<string, string>> = {}): Promise<GatewayProcess> {
    const env = {
      MASTER_KEY,
      WEBHOOK_ALLOWED_NETWORKS: '127.0.0.0/8',
      DELIVERY_RETRY_SCHEDULE_SECONDS: '1',
      ...settings,
    };
    return GatewayProcess.start(database, env, { merchantGateways: [], clients: [] });
  }

  function notify(merchantId: string, count = 50, clientSecret = d1Secret): Promise<Readonly<Record<string, number>>> {
    return runNotifications({
      baseUrl: gateway.url,
      credentials: { clientId: D1, clientSecret },
      targets: TOKENS.map((tokenId) => ({ merchantGatewayId: GATEWAY_ID, merchantId, tokenId })),
      count,
      concurrency: 8,
      retry: { maxAttempts: 1 },
    }).then(({ answersByStatus }) => answersByStatus);
  }

  async function notifyOnce(merchantId: string, tokenId: string, correlationId: string): Promise<number> {
    const credentials = { clientId: D1, clientSecret: d1Secret };
    const { value } = await fetchAccessToken({ baseUrl: gateway.url, credentials });
    const headers = { authorization: `Bearer ${value}`, 'x-correlation-id': correlationId };
    return (await send(gateway.url, notifyPath(GATEWAY_ID, merchantId, tokenId), { headers })).status;
  }

  async function accessTokenStatus(clientSecret: string): Promise<number> {
    const headers = { authorization: basic(D1, clientSecret), 'content-type': 'application/x-www-form-urlencoded' };
    return (await send(gateway.url, '/oauth2/token', { headers, body: 'grant_type=client_credentials' })).status;
  }

  async function secretsOfD1(): Promise<readonly Secret[]> {
    return (await operator.get(`/registry/clients/${D1}`)).json<{ secrets: Secret[] }>().secrets;
  }

  async function slowDestination(): Promise<Destination> {
    const all = await operator.list<Destination>('/operations/destinations');
    return all.find(({ merchantId }) => merchantId === SLOW_SHOP) ?? expect.unreachable();
  }

  it('gets in: the shell makes the first operator, who asks for an access token', async () => {
    const made = await run(
      'client',
      'create',
      'duty',
      '--scopes',
      'gateway:operate',
      '--merchant-gateways',
      '*',
      '--json',
    );
    expect(made.stderr).toBe('');
    const { clientSecret } = made.json<{ clientSecret: string }>();

    operator = await Operator.signIn(gateway.url, 'duty', clientSecret);

    expect(await operator.list('/registry/merchant-gateways')).toEqual([]);
  });

  it('onboards a merchant gateway, two merchants, and where they want their updates', async () => {
    expect((await operator.put(GATEWAY, { name: 'Example PSP' })).status).toBe(201);
    for (const [id, name, { url }] of [
      [SHOP, 'Example shop', shop],
      [SLOW_SHOP, 'Slow shop', slowShop],
    ] as const) {
      expect((await operator.put(`${GATEWAY}/merchants/${id}`, { name })).status).toBe(201);
      const made = await operator.put(`${GATEWAY}/merchants/${id}/destinations/main`, { kind: 'webhook', url });
      expect(made.status).toBe(201);
      // To be handed to the merchant: it is not shown again.
      expect(made.json()).toHaveProperty('secret');
    }
  });

  it('imports tokens by the shell and by HTTP, and is told which lines were bad', async () => {
    const file = join(database.dataDir, 'tokens.csv');
    await writeFile(file, `id\n${MANY_TOKENS.join('\n')}\nno token\n`);
    const owner = ['--merchant-gateway-id', GATEWAY_ID, '--merchant-id', SHOP];
    const byShell = await run('token', 'import', file, ...owner, '--json');
    expect(byShell.json()).toMatchObject({ registered: MANY_TOKENS.length, bad: 1 });
    expect(byShell.stderr).toContain(`line ${MANY_TOKENS.length + 2}: `);

    const lines = [...TOKENS.map((id) => JSON.stringify({ id })), '{"id":'].join('\n');
    const path = `${GATEWAY}/merchants/${SLOW_SHOP}/tokens/import`;
    const byHttp = await operator.call('POST', path, lines, 'application/x-ndjson');
    const report = byHttp.body
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as object);
    expect(report).toContainEqual(expect.objectContaining({ type: 'bad-line', line: TOKENS.length + 1 }));
    expect(report.at(-1)).toMatchObject({ type: 'done', registered: TOKENS.length, bad: 1 });
  });

  it('onboards one more merchant by a file, after a look at what it would change', async () => {
    const file = join(database.dataDir, 'new-shop.json');
    const destinations = [{ name: 'main', kind: 'webhook', url: shop.url, secret: WEBHOOK_SECRET }];
    const merchants = [{ id: NEW_SHOP, name: 'New shop', tokens: TOKENS, destinations }];
    await writeFile(file, JSON.stringify({ merchantGateways: [{ id: GATEWAY_ID, name: 'Example PSP', merchants }] }));

    const check = await run('provision', '--check', file);
    expect(check).toMatchObject({ code: 2, stderr: '' });
    expect(check.stdout).toContain(`+ merchant ${GATEWAY_ID}/${NEW_SHOP}`);
    expect((await operator.get(`${GATEWAY}/merchants/${NEW_SHOP}`)).status).toBe(404);

    expect((await run('provision', '--apply', file)).code).toBe(0);
    expect(await run('provision', '--check', file)).toMatchObject({ code: 0, stdout: 'Nothing to change.\n' });
    expect((await operator.get(`${GATEWAY}/merchants/${NEW_SHOP}`)).json()).toMatchObject({ name: 'New shop' });
  });

  it('makes D1’s client, D1 calls, and it is seen that updates flow', async () => {
    const client = { clientId: D1, scopes: ['d1:notify'], merchantGateways: [GATEWAY_ID] };
    const made = await operator.post('/registry/clients', client);
    expect(made.status).toBe(201);
    d1Secret = made.json<{ clientSecret: string }>().clientSecret;

    expect(await notify(SHOP, 200)).toEqual({ 204: 200 });

    await expect.poll(() => shop.received.length, WAIT).toBe(200);
    expect(await operator.metric('d1_gateway_notifications_total', 'result="accepted"')).toBe(200);
    await expect.poll(() => operator.metric('d1_gateway_deliveries_ended_total', 'state="delivered"'), WAIT).toBe(200);
    const overview = (await operator.get('/operations/overview')).json<{ minutes: { accepted: number }[] }>();
    expect(overview.minutes.reduce((sum, { accepted }) => sum + accepted, 0)).toBe(200);
  });

  it('gives D1 a new secret without an outage', async () => {
    const calling = notify(SHOP, 400);
    const [{ id: oldId } = expect.unreachable()] = await secretsOfD1();
    const added = (await operator.post(SECRETS, {})).json<{ id: string; clientSecret: string }>();
    // Two at a time.
    expect((await operator.post(SECRETS, {})).status).toBe(409);
    expect(await calling).toEqual({ 204: 400 });

    d1Secret = added.clientSecret;
    expect(await notify(SHOP)).toEqual({ 204: 50 });
    const usedAt = async (secretId: string): Promise<string | null | undefined> =>
      (await secretsOfD1()).find(({ id }) => id === secretId)?.lastUsedAt;
    // D1 has switched: the old one can go.
    await expect.poll(() => usedAt(added.id), WAIT).toEqual(expect.any(String));
    expect((await operator.delete(`${SECRETS}/${oldId}`)).status).toBe(204);
    expect(await notify(SHOP)).toEqual({ 204: 50 });
  });

  it('rotates by the shell, has a new key sign, restarts the gateway, and D1 is never refused', async () => {
    const oldSecret = d1Secret;
    const [{ id: oldId } = expect.unreachable()] = await secretsOfD1();
    const rotated = await run('client', 'rotate', D1, '--overlap', '1h', '--json');
    expect(rotated).toMatchObject({ code: 0, stderr: '' });
    d1Secret = rotated.json<{ clientSecret: string }>().clientSecret;
    const key = await operator.post('/registry/signing-keys');
    expect(key.status).toBe(201);

    await gateway.end();
    // Where it was before: D1 and the operator's access token know it by its address.
    gateway = await start({ PORT: new URL(gateway.url).port });

    expect(await notify(NEW_SHOP, 50, oldSecret)).toEqual({ 204: 50 });
    expect(await notify(NEW_SHOP)).toEqual({ 204: 50 });
    const { keys } = (await operator.get('/.well-known/jwks.json')).json<{ keys: { kid: string }[] }>();
    expect(keys.map(({ kid }) => kid)).toContain(key.json<{ kid: string }>().kid);
    expect(keys).toHaveLength(2);

    expect(await run('client', 'end-secret', D1, oldId)).toMatchObject({ code: 0, stderr: '' });
    expect(await notify(NEW_SHOP)).toEqual({ 204: 50 });
    // The shell is another process: CLIENT_CACHE_SECONDS.
    await expect.poll(() => accessTokenStatus(oldSecret), WAIT).toBe(401);
  });

  it('finds out why an update did not arrive', async () => {
    slowShop.respond = answers(500);
    expect(await notifyOnce(SLOW_SHOP, 'token-1', 'ticket-42')).toBe(204);

    const found = async (): Promise<readonly Delivery[]> =>
      operator.list<Delivery>('/operations/deliveries?correlationId=ticket-42');
    await expect.poll(async () => (await found()).map(({ state }) => state), WAIT).toEqual(['dead']);
    const [{ id } = expect.unreachable()] = await found();
    const told = (await operator.get(`/operations/deliveries/${id}`)).json<Delivery>();
    expect(told.lastReason).toBe('answered 500 (the last of 2 tries)');
    expect(told.attemptHistory?.map(({ outcome, statusCode }) => [outcome, statusCode])).toEqual([
      ['retry', 500],
      ['retry', 500],
    ]);
    expect((await run('deliveries', 'show', id)).stdout).toMatch(/retry +500 +answered 500/);
  });

  it('pauses the merchant until it is mended, resumes, and sends again what was given up', async () => {
    const { id } = await slowDestination();
    expect((await operator.post(`/operations/destinations/${id}/pause`)).status).toBe(200);
    const before = slowShop.received.length;
    expect(await notify(SLOW_SHOP)).toEqual({ 204: 50 });
    expect(await slowDestination()).toMatchObject({ state: 'paused', pending: 50 });

    slowShop.respond = answers(204);
    expect(slowShop.received).toHaveLength(before);
    expect((await operator.post(`/operations/destinations/${id}/resume`)).status).toBe(200);
    await expect.poll(() => slowShop.received.length, WAIT).toBe(before + 50);

    const request = { merchantGatewayId: GATEWAY_ID, merchantId: SLOW_SHOP, state: 'dead' };
    expect((await operator.post('/operations/deliveries/replay', request)).json()).toEqual({ replayed: 1 });
    await expect.poll(() => slowShop.received.length, WAIT).toBe(before + 51);
    expect(slowShop.received.at(-1)?.event.data.correlationId).toBe('ticket-42');

    const [delivered = expect.unreachable()] = await operator.list<Delivery>(
      '/operations/deliveries?correlationId=ticket-42',
    );
    expect((await run('deliveries', 'replay', delivered.id)).code).toBe(0);
    await expect.poll(() => slowShop.received.length, WAIT).toBe(before + 52);
    const ids = slowShop.received.slice(-2).map(({ headers }) => headers['webhook-id']);
    expect(ids).toEqual([delivered.id, delivered.id]);
  });

  it('sees a token that was registered too late get its update', async () => {
    expect(await notifyOnce(SHOP, 'too-early', 'ticket-43')).toBe(404);
    const unmatched = await operator.list('/operations/unmatched');
    expect(unmatched).toMatchObject([{ tokenId: 'too-early', correlationId: 'ticket-43', reason: 'UNKNOWN_TOKEN' }]);

    expect((await operator.put(`${GATEWAY}/merchants/${SHOP}/tokens/too-early`)).status).toBe(201);

    await expect.poll(() => shop.received.at(-1)?.event.data.tokenId, WAIT).toBe('too-early');
    expect(await operator.list('/operations/unmatched')).toEqual([]);
  });

  it('accounts for everything', async () => {
    const path = `/operations/reconciliation?merchantGatewayId=${GATEWAY_ID}`;
    const settled = async () => (await operator.get(path)).json<{ merchants: { pending: number }[] }>();
    await expect.poll(async () => (await settled()).merchants.map(({ pending }) => pending), WAIT).toEqual([0, 0, 0]);

    expect(await settled()).toMatchObject({
      balanced: true,
      merchants: [
        { merchantId: SHOP, notifications: 701, delivered: 701, dead: 0 },
        { merchantId: SLOW_SHOP, notifications: 51, delivered: 51, dead: 0 },
        { merchantId: NEW_SHOP, notifications: 150, delivered: 150, dead: 0 },
      ],
    });
    const byShell = await run('reconcile', '--merchant-gateway-id', GATEWAY_ID);
    expect(byShell).toMatchObject({ code: 0, stdout: expect.stringContaining('All is accounted for.') as string });
  });

  it('finds all that was done in the audit trail, and by whom', async () => {
    const entries = await operator.list<{ action: string; clientId: string; remoteAddress: string }>(
      '/operations/audit?limit=100',
    );
    const byWhom = entries.map(({ action, clientId }) => `${action} ${clientId.replace(/^cli:.*/, 'the shell')}`);

    expect(byWhom.toReversed()).toEqual([
      'client.create the shell',
      'merchant-gateway.put duty',
      'merchant.put duty',
      'destination.put duty',
      'merchant.put duty',
      'destination.put duty',
      'token.import the shell',
      'token.import duty',
      'provisioning.apply the shell',
      'client.create duty',
      'client-secret.add duty',
      'client-secret.delete duty',
      'client-secret.add the shell',
      'signing-key.rotate duty',
      'client-secret.delete the shell',
      'destination.pause duty',
      'destination.resume duty',
      'delivery.replay-many duty',
      'delivery.replay the shell',
      'token.put duty',
    ]);
    expect(new Set(entries.map(({ remoteAddress }) => remoteAddress))).toEqual(new Set(['local', '127.0.0.1']));
    expect(JSON.stringify(entries)).not.toContain(d1Secret);
  });

  it('goes home: the doctor finds nothing', async () => {
    const PUBLIC_URL = 'https://gateway.example';
    // The throw-away server of the tests is not durable on purpose, and its only role owns everything.
    const durable: Record<string, string> =
      inject('engine') === 'postgres' ? { PGOPTIONS: '-c synchronous_commit=on' } : {};
    const doctor = await cli(database, ['doctor', '--json'], {
      MASTER_KEY,
      NODE_ENV: 'production',
      PUBLIC_URL,
      ...durable,
    });
    const { findings } = doctor.json<{ findings: { check: string; status: string }[] }>();

    const known = inject('engine') === 'postgres' ? ['durability', 'audit'] : [];
    const others = findings.filter(({ check }) => !known.includes(check));
    expect(others.filter(({ status }) => status !== 'ok')).toEqual([]);
    expect(others.map(({ check }) => check)).toEqual(
      expect.arrayContaining(['database', 'schema', 'clock', 'disk', 'tls']),
    );
  });
});
