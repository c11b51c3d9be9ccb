// Webhooks to merchants that answer at once: how many a second from a backlog, and how soon after the 204.
import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { gateway } from '../contenders/gateway.mjs';
import { makeBase } from '../databases/base.mjs';
import { RECEIVER_ENV, WebhookReceiver } from '../load/webhook-receiver.mjs';
import { notifyPath, tokenId, TOKENS } from '../registry.mjs';
import { ms, perSecond } from '../report/cells.mjs';
import { median, quantile } from '../report/statistics.mjs';
import { merchantIds } from './merchants.mjs';
import { until } from './until.mjs';

const MERCHANTS = merchantIds('DELIVER', 8);
const TOKENS_OF_EACH = TOKENS / MERCHANTS.length;
const PACE_PER_SECOND = 200;
const TIMEOUT_MS = 300_000;

export async function measureDeliveries({ engine, rounds, seconds, backlog, say }) {
  const receiver = await WebhookReceiver.start();
  const merchants = receiver.merchants(MERCHANTS);
  const pending = {
    merchantIds: MERCHANTS,
    tokens: TOKENS_OF_EACH,
    notifications: backlog / MERCHANTS.length,
    pending: true,
  };
  const rates = [];
  const delaysMs = [];
  try {
    const base = await makeBase(engine, { merchants, fills: [pending], env: RECEIVER_ENV });
    for (let round = 0; round < rounds; round += 1) {
      const database = await engine.copy(base);
      // Before the start: the first may arrive before the gateway says that it is ready.
      receiver.reset();
      const server = await gateway.start(database, { env: RECEIVER_ENV });
      try {
        rates.push(await drain(receiver, backlog));
        delaysMs.push(...(await delays(server, receiver, seconds)));
      } finally {
        await server.stop();
        await engine.drop(database);
      }
    }
    await engine.drop(base);
  } finally {
    receiver.close();
  }
  const rows = [
    [`From a backlog of ${backlog.toLocaleString('en')}, ${MERCHANTS.length} merchants`, perSecond(median(rates))],
    [
      `From 204 to arrival, at ${PACE_PER_SECOND}/s`,
      `p50 ${ms(quantile(delaysMs, 0.5))}, p99 ${ms(quantile(delaysMs, 0.99))}, most ${ms(quantile(delaysMs, 1))}`,
    ],
  ];
  say(rows);
  return { title: `Deliveries on ${engine.name}`, head: ['Webhooks to a receiver that answers at once', ''], rows };
}

/** @returns webhooks a second until the backlog is gone */
async function drain(receiver, backlog) {
  await until(() => receiver.received >= backlog, TIMEOUT_MS, 'the backlog to be delivered');
  return (backlog - 1) / ((receiver.lastMs - receiver.firstMs) / 1000);
}

/** Sends at an even pace. A webhook may be there before its 204 has been read: that is 0. */
async function delays(server, receiver, seconds) {
  const authorization = await gateway.authorize(server);
  const answeredMs = new Map();
  const arrivedMs = new Map();
  receiver.onWebhook = (body) => arrivedMs.set(JSON.parse(body).data.correlationId, performance.now());
  const notify = async (path) => {
    const correlationId = randomUUID();
    const headers = { authorization, 'x-correlation-id': correlationId };
    const { status } = await fetch(`${server.url}${path}`, { method: 'POST', headers });
    if (status !== 204) throw new Error(`A notification was answered with ${status}`);
    answeredMs.set(correlationId, performance.now());
  };
  const count = PACE_PER_SECOND * seconds;
  const sent = [];
  for (let index = 0; index < count; index += 1) {
    const merchantId = MERCHANTS[index % MERCHANTS.length];
    sent.push(notify(notifyPath(tokenId(1 + (index % TOKENS_OF_EACH)), merchantId)));
    await wait(1000 / PACE_PER_SECOND);
  }
  await Promise.all(sent);
  await until(() => arrivedMs.size >= count, TIMEOUT_MS, 'every webhook');
  receiver.onWebhook = () => undefined;
  return [...answeredMs].map(([id, at]) => Math.max(0, arrivedMs.get(id) - at));
}
