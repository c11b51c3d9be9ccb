import type { ServerResponse } from 'node:http';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { send } from '../../support/http.js';
import { Receiver } from '../../support/receiver.js';
import { MERCHANT, MERCHANT_GATEWAY, notifyPath, PROVISION, TestGateway } from '../../support/test-gateway.js';

const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const TOKENS = ['waits', 'fails', 'succeeds'];
const SHOP = `/registry/merchant-gateways/${MERCHANT_GATEWAY}/merchants/${MERCHANT}`;

let gateway: TestGateway;
let receiver: Receiver;
/** What the merchant has not answered yet, by token. */
let unanswered: Map<string, ServerResponse>;

beforeEach(async () => {
  unanswered = new Map();
  receiver = await Receiver.start();
  receiver.respond = (response, { event }) => {
    if (event.data.tokenId === 'waits') response.writeHead(500).end();
    else unanswered.set(event.data.tokenId, response);
  };
  const destinations = [{ name: 'main', kind: 'webhook', url: receiver.url, secret: SECRET }];
  const merchants = [{ id: MERCHANT, name: 'Shop', tokens: TOKENS, destinations }];
  gateway = await TestGateway.start({
    provision: { ...PROVISION, merchantGateways: [{ id: MERCHANT_GATEWAY, name: 'PSP', merchants }], clients: CLIENTS },
    env: {
      WEBHOOK_ALLOWED_NETWORKS: '127.0.0.0/8',
      DELIVERY_SWEEP_SECONDS: '3600',
      DELIVERY_RETRY_SCHEDULE_SECONDS: '600',
    },
  });
});
afterEach(async () => {
  for (const response of unanswered.values()) response.end();
  await gateway.close();
  await receiver.close();
});

const CLIENTS = PROVISION.clients.filter(({ merchantGateways }) => merchantGateways.includes(MERCHANT_GATEWAY));

async function call(method: string, path: string, clientId = 'operator'): Promise<number> {
  const headers = { authorization: `Bearer ${await gateway.accessToken(clientId)}` };
  return (await send(gateway.url, path, { method, headers })).status;
}

const deliveries = (): Promise<object[]> =>
  gateway.query('select token_id, state, last_reason, lease_owner from deliveries order by token_id');

it('leaves nothing pending that nobody would find again, not even what was being tried', async () => {
  for (const tokenId of TOKENS) {
    expect(await call('POST', notifyPath(MERCHANT_GATEWAY, MERCHANT, tokenId), 'is_tbank01')).toBe(204);
  }
  const tries = (): Promise<object[]> => gateway.query('select id from delivery_attempts');
  await expect.poll(tries, { interval: 5 }).toHaveLength(1);
  await expect.poll(() => unanswered.size, { interval: 5 }).toBe(2);

  for (const tokenId of TOKENS) expect(await call('DELETE', `${SHOP}/tokens/${tokenId}`)).toBe(204);
  // As by DELETE, while no dispatcher has come to cancel what is pending for it.
  const nowMs = gateway.clock.nowMs();
  await gateway.query(`update destinations set disabled_at_ms = ${nowMs}, deleted_at_ms = ${nowMs}`);
  expect(await call('DELETE', SHOP)).toBe(204);
  unanswered.get('fails')?.writeHead(500).end();
  unanswered.get('succeeds')?.writeHead(204).end();
  await expect.poll(tries, { interval: 5 }).toHaveLength(3);

  const removed = { state: 'cancelled', last_reason: 'The merchant was removed', lease_owner: null };
  expect(await deliveries()).toEqual([
    { token_id: 'fails', ...removed },
    { token_id: 'succeeds', state: 'delivered', last_reason: null, lease_owner: null },
    { token_id: 'waits', ...removed },
  ]);
  expect(await gateway.query('select id from destinations')).toEqual([]);
});
