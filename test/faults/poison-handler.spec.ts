import { runNotifications } from '@gateway/d1-simulator';
import type { DataSource } from 'typeorm';
import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest';
import { GatewayProcess } from '../support/gateway-process.js';
import { Receiver } from '../support/receiver.js';
import { createTestDatabase, openForInspection, type TestDatabase } from '../support/test-database.js';
import { D1_CLIENT, MERCHANT_GATEWAY } from '../support/test-gateway.js';

const CREDENTIALS = { clientId: D1_CLIENT, clientSecret: 'shared' };
const POISONED = '10610300000';
const GOOD = '10610300001';
const TOKENS = Array.from({ length: 20 }, (_, index) => `token-${index}`);
const DISPATCHERS = 2;
/** As long as a probe waits for an answer before its supervisor ends a process. */
const PROBE_TIMEOUT_MS = 5000;
/** After the second try that was lost: longer than the test. */
const RETRY_SECONDS = 600;

// On SQLite one instance does it all, and its intake with it.
describe.runIf(inject('engine') === 'postgres')('an update that blocks its handler for good', () => {
  let database: TestDatabase;
  let view: DataSource;
  let receiver: Receiver;
  let intake: GatewayProcess;
  let dispatchers: GatewayProcess[];

  beforeEach(async () => {
    database = await createTestDatabase();
    view = await openForInspection(database.env);
    receiver = await Receiver.start();
    intake = await start('intake');
    dispatchers = await Promise.all(Array.from({ length: DISPATCHERS }, () => start('dispatcher')));
  });
  afterEach(async () => {
    await Promise.all([intake, ...dispatchers].map((process) => process.end('SIGKILL')));
    await Promise.all([view.destroy(), receiver.close()]);
    await database.drop();
  });

  function start(role: string): Promise<GatewayProcess> {
    const webhook = { kind: 'webhook', url: receiver.url, secret: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw' };
    const merchants = [
      { id: POISONED, tokens: ['poison'], destinations: [{ name: 'main', kind: 'handler', handler: 'endless' }] },
      { id: GOOD, tokens: TOKENS, destinations: [{ name: 'main', ...webhook }] },
    ];
    const provision = {
      merchantGateways: [
        { id: MERCHANT_GATEWAY, name: 'PSP', merchants: merchants.map((one) => ({ ...one, name: one.id })) },
      ],
      clients: [{ ...CREDENTIALS, scopes: ['d1:notify'], merchantGateways: [MERCHANT_GATEWAY] }],
    };
    const env = {
      ROLES: role,
      WEBHOOK_ALLOWED_NETWORKS: '127.0.0.0/8',
      WEBHOOK_TIMEOUT_MS: '1000',
      HANDLER_TIMEOUT_MS: '1000',
      DELIVERY_RETRY_SCHEDULE_SECONDS: String(RETRY_SECONDS),
    };
    return GatewayProcess.start(database, env, provision, 'test/faults/poison-gateway.mjs');
  }

  /** What a service manager or a liveness probe does. @returns how many did not answer, and were started again */
  async function supervise(): Promise<number> {
    let ended = 0;
    await Promise.all(
      dispatchers.map(async (process, index) => {
        const signal = AbortSignal.timeout(PROBE_TIMEOUT_MS);
        const alive = await fetch(`${process.url}/health/live`, { signal }).catch(() => undefined);
        if (alive?.ok) return;
        await process.end('SIGKILL');
        ended += 1;
        dispatchers[index] = await start('dispatcher');
      }),
    );
    return ended;
  }

  async function notify(merchantId: string, tokenIds: readonly string[]): Promise<void> {
    const { answersByStatus } = await runNotifications({
      baseUrl: intake.url,
      credentials: CREDENTIALS,
      targets: tokenIds.map((tokenId) => ({ merchantGatewayId: MERCHANT_GATEWAY, merchantId, tokenId })),
      count: tokenIds.length,
      concurrency: 4,
    });
    expect(answersByStatus).toEqual({ 204: tokenIds.length });
  }

  /** Tries of that update alone: what was on its way to the other merchant's receiver in a process that ended is lost with it. */
  const lost = (): Promise<object[]> =>
    view.query(
      `select a.attempt from delivery_attempts a join deliveries d on d.id = a.delivery_id
       where d.token_id = 'poison' and a.outcome = 'retry' and a.reason like 'The process ended%'`,
    );

  it('is tried twice and then waits, and the other merchants’ go on', { timeout: 180_000 }, async () => {
    await notify(POISONED, ['poison']);
    let sent = 0;
    let ended = 0;
    await expect
      .poll(
        async () => {
          await notify(GOOD, TOKENS);
          sent += TOKENS.length;
          ended += await supervise();
          return (await lost()).length;
        },
        { timeout: 120_000, interval: 500 },
      )
      .toBe(2);
    expect(ended).toBeGreaterThanOrEqual(2);

    // Both are there, and stay: nobody has to end one any more.
    await notify(GOOD, TOKENS);
    sent += TOKENS.length;
    await expect
      .poll(() => new Set(receiver.received.map(({ event }) => event.data.notificationId)).size, { timeout: 30_000 })
      .toBe(sent);
    expect(await supervise()).toBe(0);
    const [poison] = await view.query<{ state: string; attempts: string; due_at_ms: string }[]>(
      "select state, attempts, due_at_ms from deliveries where token_id = 'poison'",
    );
    expect(poison).toMatchObject({ state: 'pending', attempts: '2' });
    expect(Number(poison?.due_at_ms)).toBeGreaterThan(Date.now() + (RETRY_SECONDS * 1000) / 2);
  });
});
