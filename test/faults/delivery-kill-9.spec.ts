import { runNotifications } from '@gateway/d1-simulator';
import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, beforeEach, expect, inject, it } from 'vitest';
import { freePort } from '../support/free-port.js';
import { groupBy } from '../support/group-by.js';
import { GatewayProcess } from '../support/gateway-process.js';
import { Receiver } from '../support/receiver.js';
import { createTestDatabase, openForInspection, type TestDatabase } from '../support/test-database.js';
import { D1_CLIENT, MERCHANT, MERCHANT_GATEWAY } from '../support/test-gateway.js';

const KILLS = inject('engine') === 'sqlite' ? 20 : 5;
const TOKENS = Array.from({ length: 50 }, (_, index) => `token-${index}`);
const ENV = {
  WEBHOOK_ALLOWED_NETWORKS: '127.0.0.0/8',
  WEBHOOK_TIMEOUT_MS: '1000',
  HANDLER_TIMEOUT_MS: '1000',
  LOG_LEVEL: 'info',
  // On a slow machine a delivery's tries may be lost with every kill: it is to come soon all the same.
  DELIVERY_RETRY_SCHEDULE_SECONDS: Array.from({ length: 40 }, () => 1).join(),
};

let database: TestDatabase;
let receiver: Receiver;
let gateway: GatewayProcess;

beforeEach(async () => {
  database = await createTestDatabase();
  receiver = await Receiver.start();
});
afterEach(async () => {
  await gateway.end();
  await receiver.close();
  await database.drop();
});

it(
  `delivers every notification that got a 204 through ${KILLS} times kill -9 at random moments`,
  { timeout: 240_000 },
  async () => {
    const destinations = [
      { name: 'main', kind: 'webhook', url: receiver.url, secret: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw' },
    ];
    const provision = {
      merchantGateways: [
        {
          id: MERCHANT_GATEWAY,
          name: 'PSP',
          merchants: [{ id: MERCHANT, name: 'Shop', tokens: TOKENS, destinations }],
        },
      ],
      clients: [{ clientId: D1_CLIENT, scopes: ['d1:notify'], merchantGateways: [MERCHANT_GATEWAY] }],
    };
    const env = { ...ENV, PORT: String(await freePort()) };
    gateway = await GatewayProcess.start(database, env, provision);
    const acknowledged = new Set<string>();
    const stop = new AbortController();
    const run = runNotifications({
      baseUrl: gateway.url,
      credentials: { clientId: D1_CLIENT, clientSecret: gateway.secretOf(D1_CLIENT) },
      targets: TOKENS.map((tokenId) => ({ merchantGatewayId: MERCHANT_GATEWAY, merchantId: MERCHANT, tokenId })),
      count: 1_000_000,
      concurrency: 8,
      retry: { maxAttempts: 1000, baseDelayMs: 50, maxDelayMs: 200 },
      signal: stop.signal,
      onAnswer: ({ status, correlationId }) => status === 204 && acknowledged.add(correlationId),
    });

    for (let kill = 0; kill < KILLS; kill += 1) {
      // The moment is the point: it must hit whatever the gateway happens to do.
      await wait(Math.random() * 400);
      await gateway.end('SIGKILL');
      gateway = await GatewayProcess.start(database, env, provision);
    }
    stop.abort();
    await run;

    const arrived = (): Set<string> => new Set(receiver.received.map(({ event }) => event.data.correlationId));
    await expect
      .poll(() => [...acknowledged].filter((id) => !arrived().has(id)), { timeout: 60_000, interval: 200 })
      .toEqual([]);
    expect(acknowledged.size).toBeGreaterThan(KILLS);
    // A repeated delivery of one notification is known by its webhook-id.
    const idsByNotification = groupBy(receiver.received, ({ event }) => event.data.notificationId);
    for (const webhooks of idsByNotification.values()) {
      expect(new Set(webhooks.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
    }
    const view = await openForInspection(database.env);
    const open = (): Promise<object[]> => view.query("select id from deliveries where state <> 'delivered'");
    // One whose tries were lost three times waits for half a minute.
    await expect.poll(open, { timeout: 60_000, interval: 200 }).toEqual([]);
    // Counted last: what was under way when the simulator was stopped may have been taken since.
    const notifications = await view.query<object[]>('select id from notifications');
    expect(await view.query<object[]>('select distinct notification_id from deliveries')).toHaveLength(
      notifications.length,
    );
    await view.destroy();
  },
);
