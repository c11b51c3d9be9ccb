import { fetchAccessToken, runNotifications, type RunResult } from '@gateway/d1-simulator';
import { decodeProtectedHeader } from 'jose';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { GatewayProcess } from '../../support/gateway-process.js';
import { send } from '../../support/http.js';
import { createTestDatabase, type TestDatabase } from '../../support/test-database.js';
import { D1_CLIENT, MERCHANT, MERCHANT_GATEWAY, PROVISION, TestGateway, TOKEN } from '../../support/test-gateway.js';

// Under load, on machines that are busy.
vi.setConfig({ testTimeout: 120_000 });

const ADMIN = 'admin';
const WITH_ADMIN = {
  ...PROVISION,
  clients: [...PROVISION.clients, { clientId: ADMIN, scopes: ['gateway:operate'], merchantGateways: ['*'] }],
};
const SECRETS = `/registry/clients/${D1_CLIENT}/secrets`;
const ROTATIONS = 4;
/** What D1 sends between two changes. */
const SOME = 300;

/** D1 with one secret, at full rate until it is told to end: notifications, and access tokens one after the other. */
class Simulator {
  private readonly end = new AbortController();
  private readonly notifications: Promise<RunResult>;
  private readonly accessTokens: Promise<number>;
  private answered = 0;

  constructor(
    private readonly baseUrl: string,
    private readonly clientSecret: string,
  ) {
    this.notifications = runNotifications({
      ...this.options,
      targets: [{ merchantGatewayId: MERCHANT_GATEWAY, merchantId: MERCHANT, tokenId: TOKEN }],
      count: 1_000_000,
      concurrency: 16,
      onAnswer: () => void (this.answered += 1),
      signal: this.end.signal,
    });
    this.accessTokens = this.fetchAccessTokens();
  }

  /** Until it has sent some more. */
  async some(): Promise<void> {
    const before = this.answered;
    const failed = Promise.all([this.notifications, this.accessTokens]).then(() => {
      throw new Error('It has ended');
    });
    const sent = expect.poll(() => this.answered - before, { timeout: 60_000, interval: 20 }).toBeGreaterThan(SOME);
    await Promise.race([sent, failed]);
  }

  /** @returns what its notifications came to, and how many access tokens it was given; throws where one was refused */
  async stop(): Promise<{ result: RunResult; granted: number }> {
    this.end.abort();
    return { result: await this.notifications, granted: await this.accessTokens };
  }

  /** None is asked for a second time: what is not 200 is an error. */
  private async fetchAccessTokens(): Promise<number> {
    let granted = 0;
    for (; !this.end.signal.aborted; granted += 1) await fetchAccessToken(this.options);
    return granted;
  }

  private get options() {
    const { baseUrl, clientSecret } = this;
    return { baseUrl, credentials: { clientId: D1_CLIENT, clientSecret }, retry: { maxAttempts: 1 } };
  }
}

async function onlyGood(simulator: Simulator): Promise<void> {
  const { result, granted } = await simulator.stop();
  expect(result).toMatchObject({ retries: 0, unanswered: 0 });
  expect(result.answersByStatus).toEqual({ 204: result.finished });
  expect(result.finished).toBeGreaterThan(SOME);
  expect(granted).toBeGreaterThan(0);
}

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
