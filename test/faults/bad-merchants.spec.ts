import { runNotifications } from '@gateway/d1-simulator';
import type { ServerResponse } from 'node:http';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { groupBy } from '../support/group-by.js';
import { GatewayProcess } from '../support/gateway-process.js';
import { answers, Receiver } from '../support/receiver.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';
import { D1_CLIENT, MERCHANT_GATEWAY } from '../support/test-gateway.js';

const COUNT = 10_000;
const MERCHANTS = Array.from({ length: 20 }, (_, index) => `1061002${String(index).padStart(4, '0')}`);
const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';

/** What the first six do; the others behave. */
const MISBEHAVIOUR: ((response: ServerResponse) => void)[] = [
  () => undefined,
  answers(500) as (response: ServerResponse) => void,
  (response) => void response.writeHead(429, { 'retry-after': '2' }).end(),
  (response) => {
    response.writeHead(200, { 'content-length': 100 }).write('half');
    response.destroy();
  },
  (response) => {
    const chunk = Buffer.alloc(64 * 1024);
    const more = (): void => {
      while (!response.destroyed && response.write(chunk));
    };
    response.writeHead(500).on('drain', more);
    more();
  },
  (response) => void response.writeHead(302, { location: 'http://169.254.169.254/latest/meta-data' }).end(),
];

let database: TestDatabase;
let receivers: Receiver[];
let gateway: GatewayProcess;

beforeEach(async () => {
  database = await createTestDatabase();
  receivers = await Promise.all(MERCHANTS.map(() => Receiver.start()));
});
afterEach(async () => {
  await gateway.end();
  await Promise.all(receivers.map((receiver) => receiver.close()));
  await database.drop();
});

/** Less than three of the silent merchant's time-outs, of which it has hundreds before it. */
const SOON_MS = 30_000;

it('six merchants that misbehave keep nothing from the other fourteen', { timeout: 120_000 }, async () => {
  for (const [index, misbehave] of MISBEHAVIOUR.entries()) {
    const receiver = receivers[index];
    if (receiver) receiver.respond = misbehave;
  }
  const tokens = Array.from({ length: 25 }, (_, index) => `token-${index}`);
  const merchants = MERCHANTS.map((id, index) => ({
    id,
    name: `Merchant ${index}`,
    tokens,
    destinations: [{ name: 'main', kind: 'webhook', url: receivers[index]?.url, secret: SECRET }],
  }));
  const provision = {
    merchantGateways: [{ id: MERCHANT_GATEWAY, name: 'PSP', merchants }],
    clients: [{ clientId: D1_CLIENT, scopes: ['d1:notify'], merchantGateways: [MERCHANT_GATEWAY] }],
  };
  gateway = await GatewayProcess.start(database, { WEBHOOK_ALLOWED_NETWORKS: '127.0.0.0/8' }, provision);

  const result = await runNotifications({
    baseUrl: gateway.url,
    credentials: { clientId: D1_CLIENT, clientSecret: gateway.secretOf(D1_CLIENT) },
    targets: tokens.flatMap((tokenId) =>
      MERCHANTS.map((merchantId) => ({ merchantGatewayId: MERCHANT_GATEWAY, merchantId, tokenId })),
    ),
    count: COUNT,
    concurrency: 64,
  });

  expect(result.answersByStatus).toEqual({ 204: COUNT });
  const each = COUNT / MERCHANTS.length;
  const good = receivers.slice(MISBEHAVIOUR.length);
  await expect
    .poll(() => good.map(({ received }) => new Set(received.map(({ event }) => event.data.notificationId)).size), {
      timeout: SOON_MS,
      interval: 50,
    })
    .toEqual(good.map(() => each));
  // Each token's updates came in order.
  for (const { received } of good) {
    for (const webhooks of groupBy(received, ({ event }) => event.data.tokenId).values()) {
      const sequences = webhooks.map(({ event }) => event.data.sequence);
      expect(sequences).toEqual(sequences.toSorted((a, b) => a - b));
    }
  }
});
