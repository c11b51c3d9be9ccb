// Deliveries: how fast they reach a merchant that answers at once, and what a hundred thousand of them weigh while it is down.
import autocannon from 'autocannon';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import { setTimeout as wait } from 'node:timers/promises';
import { BenchGateway, notifyPaths, row } from './gateway.mjs';

const BACKLOG = 100_000;
const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';

export async function benchDeliveries() {
  const merchant = await startMerchant();
  const gateway = await BenchGateway.create({
    destinations: [{ name: 'main', kind: 'webhook', url: merchant.url, secret: SECRET }],
    env: { WEBHOOK_ALLOWED_NETWORKS: '127.0.0.0/8', DELIVERY_CONCURRENCY_PER_DESTINATION: '64', LOG_LEVEL: 'warn' },
  });
  try {
    await gateway.start();
    const headers = { authorization: await gateway.authorization() };
    const notify = { url: gateway.url, method: 'POST', headers, requests: notifyPaths().map((path) => ({ path })) };
    await autocannon({ ...notify, connections: 8, overallRate: 200, duration: 10 });
    await merchant.arrived(2000);
    row('204 to arrival, at 200/s', merchant.delays());
    merchant.down = true;
    await autocannon({ ...notify, connections: 64, amount: BACKLOG });
    row(`RSS with ${BACKLOG} pending`, `${gateway.rssMb()} MB`);
    merchant.down = false;
    const before = merchant.received;
    const startedMs = await merchant.next();
    await merchant.arrived(before + BACKLOG / 2);
    const rate = (merchant.received - before) / ((performance.now() - startedMs) / 1000);
    row('deliveries to one fast merchant', `${Math.round(rate)}/s, RSS ${gateway.rssMb()} MB`);
  } finally {
    await gateway.close();
    merchant.server.close();
  }
}

/** Counts what arrives, and how long after it was received by the gateway. */
async function startMerchant() {
  const merchant = { received: 0, down: false, delaysMs: [] };
  const take = async (request, response) => {
    const body = await text(request);
    if (merchant.down) {
      response.writeHead(503).end();
      return;
    }
    merchant.received += 1;
    merchant.delaysMs.push(Date.now() - Date.parse(JSON.parse(body).data.receivedAt));
    response.writeHead(204).end();
  };
  merchant.server = createServer((request, response) => void take(request, response)).listen(0, '127.0.0.1');
  await once(merchant.server, 'listening');
  merchant.url = `http://127.0.0.1:${merchant.server.address().port}/`;
  merchant.arrived = async (count) => {
    while (merchant.received < count) await wait(20);
  };
  merchant.next = async () => {
    const before = merchant.received;
    while (merchant.received === before) await wait(5);
    return performance.now();
  };
  merchant.delays = () => {
    const sorted = merchant.delaysMs.toSorted((a, b) => a - b);
    const at = (share) => sorted[Math.floor(share * (sorted.length - 1))];
    return `p50 ${at(0.5)} ms  p99 ${at(0.99)} ms  max ${sorted.at(-1)} ms`;
  };
  return merchant;
}
