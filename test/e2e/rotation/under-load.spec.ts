import { fetchAccessToken } from '@gateway/d1-simulator';
import { decodeProtectedHeader } from 'jose';
import { afterEach, beforeEach, expect, inject, it, vi } from 'vitest';
import { freePort } from '../../support/free-port.js';
import { GatewayProcess } from '../../support/gateway-process.js';
import { send } from '../../support/http.js';
import { ReadyProxy } from '../../support/ready-proxy.js';
import { createTestDatabase, openForInspection, type TestDatabase } from '../../support/test-database.js';
import { D1_CLIENT, PROVISION, TestGateway } from '../../support/test-gateway.js';
import { onlyGood, Simulator } from './simulator.js';

// Under load, on machines that are busy.
vi.setConfig({ testTimeout: 120_000 });

const ADMIN = 'admin';
const WITH_ADMIN = {
  ...PROVISION,
  clients: [...PROVISION.clients, { clientId: ADMIN, scopes: ['gateway:operate'], merchantGateways: ['*'] }],
};
const SECRETS = `/registry/clients/${D1_CLIENT}/secrets`;
const ROTATIONS = 4;

async function operator(baseUrl: string, clientSecret: string) {
  const { value } = await fetchAccessToken({ baseUrl, credentials: { clientId: ADMIN, clientSecret } });
  return async (method: string, path: string, body?: object) => {
    const headers = { authorization: `Bearer ${value}`, 'content-type': 'application/json' };
    return send(baseUrl, path, { method, headers, ...(body && { body: JSON.stringify(body) }) });
  };
}

let database: TestDatabase;
beforeEach(async () => {
  database = await createTestDatabase();
});
afterEach(() => database.drop());

it('a client’s secrets change and signing keys are made, and D1 is never refused', async () => {
  const gateway = await GatewayProcess.start(database, {}, WITH_ADMIN);
  try {
    const call = await operator(gateway.url, gateway.secretOf(ADMIN));
    const { secrets } = (await call('GET', `/registry/clients/${D1_CLIENT}`)).json<{ secrets: { id: string }[] }>();
    let oldId = secrets[0]?.id ?? '';
    let simulator = new Simulator(gateway.url, gateway.secretOf(D1_CLIENT));
    for (let rotation = 0; rotation < ROTATIONS; rotation += 1) {
      await simulator.some();
      const added = await call('POST', SECRETS, {});
      expect(added.status).toBe(201);
      const { id, clientSecret } = added.json<{ id: string; clientSecret: string }>();
      const next = new Simulator(gateway.url, clientSecret);
      // For a while D1 uses both.
      await Promise.all([next.some(), simulator.some()]);
      expect((await call('POST', '/registry/signing-keys')).status).toBeLessThan(300);
      await Promise.all([next.some(), simulator.some()]);
      await onlyGood(simulator);
      expect((await call('DELETE', `${SECRETS}/${oldId}`)).status).toBe(204);
      [simulator, oldId] = [next, id];
    }
    await simulator.some();
    await onlyGood(simulator);
  } finally {
    await gateway.end();
  }
});

it('what signs changes while D1 keeps calling, and what was signed before is good', async () => {
  const gateway = await TestGateway.start({ database, provision: WITH_ADMIN, env: { LOG_LEVEL: 'warn' } });
  try {
    const call = await operator(gateway.url, gateway.secretOf(ADMIN));
    const simulator = new Simulator(gateway.url, gateway.secretOf(D1_CLIENT));
    const kids = new Set<string | undefined>();
    for (let rotation = 0; rotation < ROTATIONS; rotation += 1) {
      kids.add(decodeProtectedHeader(await gateway.accessToken()).kid);
      expect((await call('POST', '/registry/signing-keys')).status).toBeLessThan(300);
      await simulator.some();
      // A key is published for two minutes before it signs.
      gateway.clock.advance(121_000);
      await simulator.some();
      // And the next may be made when that one is known to sign.
      await expect.poll(async () => decodeProtectedHeader(await gateway.accessToken()).kid).not.toBeOneOf([...kids]);
      const waiting = `select kid from signing_keys where state = 'next'`;
      await expect.poll(() => gateway.query(waiting)).toHaveLength(0);
    }
    await onlyGood(simulator);
    expect(kids.size).toBe(ROTATIONS);
  } finally {
    await gateway.close();
  }
});

// SQLite is for one instance.
it.runIf(inject('engine') === 'postgres')(
  'two instances know what the other has changed, and D1 is never refused',
  async () => {
    const ports = [await freePort(), await freePort()];
    const proxy = await ReadyProxy.start(ports);
    const gateways: GatewayProcess[] = [];
    try {
      for (const port of ports) {
        const env = { PORT: String(port), PUBLIC_URL: proxy.url, MASTER_KEY: Buffer.alloc(32, 7).toString('base64') };
        gateways.push(await GatewayProcess.start(database, env, WITH_ADMIN));
      }
      const [first = expect.unreachable(), second = expect.unreachable()] = gateways;
      await expect.poll(() => proxy.ready.size, { timeout: 20_000 }).toBe(2);
      // What is changed here is used there, and the other way round: connections go to both in turn.
      const call = await operator(first.url, first.secretOf(ADMIN));
      const { secrets } = (await call('GET', `/registry/clients/${D1_CLIENT}`)).json<{ secrets: { id: string }[] }>();
      const simulator = new Simulator(proxy.url, first.secretOf(D1_CLIENT));
      await simulator.some();

      const added = (await call('POST', SECRETS, {})).json<{ id: string; clientSecret: string }>();
      const next = new Simulator(proxy.url, added.clientSecret);
      await Promise.all([next.some(), simulator.some()]);
      await onlyGood(simulator);
      expect((await call('DELETE', `${SECRETS}/${secrets[0]?.id}`)).status).toBe(204);
      await next.some();

      const { kid } = (await call('POST', '/registry/signing-keys')).json<{ kid: string }>();
      await endWaiting(kid);
      const signing = async ({ url }: GatewayProcess): Promise<string | undefined> => {
        // Makes it look for keys.
        await send(url, '/.well-known/jwks.json', { method: 'GET' });
        const credentials = { clientId: D1_CLIENT, clientSecret: added.clientSecret };
        return decodeProtectedHeader((await fetchAccessToken({ baseUrl: url, credentials })).value).kid;
      };
      for (const instance of [second, first]) {
        await expect.poll(() => signing(instance), { timeout: 60_000, interval: 500 }).toBe(kid);
        await next.some();
      }
      await onlyGood(next);
    } finally {
      for (const gateway of gateways) await gateway.end();
      await proxy.close();
    }
  },
);

/** Two minutes are over for a key that waits so long before it signs. */
async function endWaiting(kid: string): Promise<void> {
  const inspection = await openForInspection(database.env);
  await inspection.query(`update signing_keys set signs_from_ms = $1 where kid = $2`, [Date.now(), kid]);
  await inspection.destroy();
}
