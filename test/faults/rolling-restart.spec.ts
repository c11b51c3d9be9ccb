import { runNotifications } from '@gateway/d1-simulator';
import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest';
import { freePort } from '../support/free-port.js';
import { GatewayProcess } from '../support/gateway-process.js';
import { ReadyProxy } from '../support/ready-proxy.js';
import { Receiver } from '../support/receiver.js';
import { createTestDatabase, openForInspection, type TestDatabase } from '../support/test-database.js';
import { D1_CLIENT, MERCHANT, MERCHANT_GATEWAY } from '../support/test-gateway.js';

const RESTARTS = 2;
const TOKENS = Array.from({ length: 50 }, (_, index) => `token-${index}`);

// SQLite is for one instance.
describe.runIf(inject('engine') === 'postgres')('two instances behind a balancer', () => {
  let database: TestDatabase;
  let receiver: Receiver;
  let proxy: ReadyProxy;
  let gateways: GatewayProcess[];

  beforeEach(async () => {
    database = await createTestDatabase();
    receiver = await Receiver.start();
    gateways = [];
  });
  afterEach(async () => {
    for (const gateway of gateways) await gateway.end();
    await proxy.close();
    await receiver.close();
    await database.drop();
  });

  it('restart in turn, and D1 notices nothing', { timeout: 120_000 }, async () => {
    const ports = [String(await freePort()), String(await freePort())];
    proxy = await ReadyProxy.start(ports.map(Number));
    const env = (PORT: string) => ({
      PORT,
      PUBLIC_URL: proxy.url,
      // Longer than the balancer takes to notice, and than a connection of D1's is idle.
      SHUTDOWN_DELAY_MS: '3000',
      WEBHOOK_ALLOWED_NETWORKS: '127.0.0.0/8',
    });
    const provision = {
      merchantGateways: [
        {
          id: MERCHANT_GATEWAY,
          name: 'PSP',
          merchants: [
            {
              id: MERCHANT,
              name: 'Shop',
              tokens: TOKENS,
              destinations: [
                { name: 'main', kind: 'webhook', url: receiver.url, secret: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw' },
              ],
            },
          ],
        },
      ],
      clients: [{ clientId: D1_CLIENT, scopes: ['d1:notify'], merchantGateways: [MERCHANT_GATEWAY] }],
    };
    for (const port of ports) gateways.push(await GatewayProcess.start(database, env(port), provision));
    // The first start makes the secret and prints it.
    const clientSecret = gateways[0]?.secretOf(D1_CLIENT) ?? '';
    const stop = new AbortController();
    const accepted: string[] = [];
    const run = runNotifications({
      baseUrl: proxy.url,
      credentials: { clientId: D1_CLIENT, clientSecret },
      targets: TOKENS.map((tokenId) => ({ merchantGatewayId: MERCHANT_GATEWAY, merchantId: MERCHANT, tokenId })),
      count: 1_000_000,
      concurrency: 2,
      signal: stop.signal,
      onAnswer: ({ status, correlationId }) => status === 204 && accepted.push(correlationId),
    });

    for (let turn = 0; turn < RESTARTS; turn += 1) {
      const index = turn % ports.length;
      expect(await gateways[index]?.end('SIGTERM')).toBe(0);
      const before = accepted.length;
      gateways[index] = await GatewayProcess.start(database, env(ports[index] ?? ''), provision);
      await expect.poll(() => proxy.ready.size, { interval: 20, timeout: 10_000 }).toBe(ports.length);
      await expect.poll(() => accepted.length, { interval: 20, timeout: 10_000 }).toBeGreaterThan(before);
    }
    stop.abort();
    const result = await run;

    expect(result.connectionFailures).toBe(0);
    expect(Object.keys(result.answersByStatus)).toEqual(['204']);
    const arrived = (): Set<string> => new Set(receiver.received.map(({ event }) => event.data.correlationId));
    await expect
      .poll(() => accepted.filter((id) => !arrived().has(id)).length, { timeout: 30_000, interval: 100 })
      .toBe(0);
    // What the stopping one held was finished or given back, and nothing was sent twice.
    expect(new Set(receiver.received.map(({ headers }) => headers['webhook-id'])).size).toBe(receiver.received.length);
    const view = await openForInspection(database.env);
    const open = (): Promise<object[]> => view.query("select id from deliveries where state <> 'delivered'");
    await expect.poll(open, { timeout: 30_000, interval: 100 }).toEqual([]);
    await view.destroy();
  });
});
