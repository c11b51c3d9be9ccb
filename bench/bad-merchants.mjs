// What six merchants that misbehave cost the fourteen others: time from 204 to arrival, with and without them.
import autocannon from 'autocannon';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import { setTimeout as wait } from 'node:timers/promises';
import { BenchGateway, IDS, row } from './gateway.mjs';

const COUNT = 10_000;
const MERCHANTS = Array.from({ length: 20 }, (_, index) => `1061002${String(index).padStart(4, '0')}`);
const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';

const well = (response) => void response.writeHead(204).end();
const MISBEHAVIOUR = [
  () => undefined,
  (response) => void response.writeHead(500).end(),
  (response) => void response.writeHead(429, { 'retry-after': '2' }).end(),
  (response) => {
    response.writeHead(200, { 'content-length': 100 }).write('half');
    response.destroy();
  },
  (response) => void response.writeHead(500).write(Buffer.alloc(64 * 1024)),
  (response) => void response.writeHead(302, { location: 'http://169.254.169.254/latest/meta-data' }).end(),
];

export async function benchBadMerchants() {
  const without = await arrivals([]);
  const with6 = await arrivals(MISBEHAVIOUR);
  row('204 to arrival, 20 good merchants', `p50 ${without.p50} ms  p99 ${without.p99} ms  (${without.count} webhooks)`);
  row(
    'the 14 good, 6 misbehaving',
    `p50 ${with6.p50} ms  p99 ${with6.p99} ms  p99 ratio ${(with6.p99 / without.p99).toFixed(2)}`,
  );
}

async function arrivals(misbehaviour) {
  const delaysMs = [];
  const receivers = await Promise.all(
    MERCHANTS.map((_, index) => receiver(misbehaviour[index] ?? well, index < MISBEHAVIOUR.length ? [] : delaysMs)),
  );
  const tokens = Array.from({ length: 25 }, (_, index) => `token-${index}`);
  const merchants = MERCHANTS.map((id, index) => ({
    id,
    name: `Merchant ${index}`,
    tokens,
    destinations: [{ name: 'main', kind: 'webhook', url: receivers[index].url, secret: SECRET }],
  }));
  const gateway = await BenchGateway.create({
    merchants,
    env: { WEBHOOK_ALLOWED_NETWORKS: '127.0.0.0/8', LOG_LEVEL: 'warn' },
  });
  try {
    await gateway.start();
    const requests = tokens.flatMap((token) =>
      MERCHANTS.map((merchant) => ({
        path: `/merchant-gateways/${IDS.merchantGatewayId}/merchants/${merchant}/tokens/${token}/notify-update`,
      })),
    );
    const headers = { authorization: await gateway.authorization() };
    await autocannon({
      url: gateway.url,
      method: 'POST',
      headers,
      requests,
      connections: 8,
      overallRate: 500,
      amount: COUNT,
    });
    // The generator spreads the requests, but not to the last one: all is there when nothing more comes.
    let seen = -1;
    while (seen < delaysMs.length) {
      seen = delaysMs.length;
      await wait(3000);
    }
  } finally {
    for (const { server } of receivers) server.closeAllConnections();
    await gateway.close();
    for (const { server } of receivers) server.close();
  }
  const sorted = delaysMs.toSorted((a, b) => a - b);
  return {
    count: sorted.length,
    p50: sorted[Math.floor(sorted.length / 2)],
    p99: sorted[Math.floor(sorted.length * 0.99)],
  };
}

async function receiver(respond, delaysMs) {
  const take = async (request, response) => {
    const body = await text(request);
    delaysMs.push(Date.now() - Date.parse(JSON.parse(body).data.receivedAt));
    respond(response);
  };
  const server = createServer((request, response) => void take(request, response).catch(() => response.destroy()));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { server, url: `http://127.0.0.1:${server.address().port}/` };
}
