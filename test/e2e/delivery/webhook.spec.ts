import { Webhook } from 'standardwebhooks';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { Dispatcher } from '../../../src/delivery/dispatcher/dispatcher.js';
import { send } from '../../support/http.js';
import { answers, Receiver } from '../../support/receiver.js';
import {
  D1_CLIENT,
  MERCHANT,
  MERCHANT_GATEWAY,
  notifyPath,
  PROVISION,
  TestGateway,
  TOKEN,
} from '../../support/test-gateway.js';

const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const PREVIOUS = 'whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD';

let receiver: Receiver;
let gateway: TestGateway;

const destination = (more: object = {}): object => ({
  name: 'main',
  kind: 'webhook',
  url: receiver.url,
  secret: SECRET,
  ...more,
});

async function start(destinations: object[], more: object = {}, env: Record<string, string> = {}): Promise<void> {
  const merchant = { id: MERCHANT, name: 'Example shop', tokens: [TOKEN, 'second'], destinations, ...more };
  gateway = await TestGateway.start({
    provision: {
      merchantGateways: [{ id: MERCHANT_GATEWAY, name: 'PSP', merchants: [merchant] }],
      clients: PROVISION.clients.slice(0, 1),
    },
    env: { WEBHOOK_ALLOWED_NETWORKS: '127.0.0.0/8', DELIVERY_RETRY_SCHEDULE_SECONDS: '5,30', ...env },
  });
}

async function notify(
  tokenId = TOKEN,
  call: { body?: string; headers?: Record<string, string> } = {},
): Promise<number> {
  const headers = { authorization: `Bearer ${await gateway.accessToken(D1_CLIENT)}`, ...call.headers };
  return (await send(gateway.url, notifyPath(undefined, undefined, tokenId), { ...call, headers })).status;
}

interface DeliveryRow {
  readonly id: string;
  readonly state: string;
  readonly attempts: number | string;
  readonly last_reason: string | null;
}
const deliveries = (): Promise<DeliveryRow[]> => gateway.query('select * from deliveries order by sequence, id');
const states = async (): Promise<string[]> => (await deliveries()).map(({ state }) => state);
const settled = (count: number): Promise<void> =>
  expect.poll(async () => (await states()).filter((state) => state !== 'pending').length, { interval: 5 }).toBe(count);
const attempted = (count: number): Promise<void> =>
  expect.poll(() => gateway.query('select id from delivery_attempts'), { interval: 5 }).toHaveLength(count);

/** Time passes and the dispatcher looks again. */
async function later(ms: number): Promise<void> {
  gateway.clock.advance(ms);
  await gateway.app.get(Dispatcher).sweep();
}

beforeEach(async () => {
  receiver = await Receiver.start();
});
afterEach(async () => {
  await gateway.close();
  await receiver.close();
});

it('sends an accepted notification to the merchant, signed', async () => {
  await start([destination()]);

  expect(
    await notify(TOKEN, {
      body: '{"reason":"CARD_RENEWED"}',
      headers: { 'content-type': 'application/json', 'x-correlation-id': 'c-1' },
    }),
  ).toBe(204);
  await settled(1);

  const [webhook] = receiver.received;
  const [delivery] = await deliveries();
  const receivedAt = gateway.clock.now().toISOString();
  expect(new Webhook(SECRET).verify(webhook?.body ?? '', webhook?.headers ?? {})).toEqual({
    type: 'token.updated',
    timestamp: receivedAt,
    data: {
      notificationId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      merchantGatewayId: MERCHANT_GATEWAY,
      merchantId: MERCHANT,
      tokenId: TOKEN,
      sequence: 1,
      correlationId: 'c-1',
      receivedAt,
      payload: { reason: 'CARD_RENEWED' },
    },
  });
  expect(webhook?.headers['webhook-id']).toBe(delivery?.id);
  expect(delivery).toMatchObject({ state: 'delivered', last_reason: null });
  expect(await gateway.query('select attempt, outcome, status_code, reason from delivery_attempts')).toEqual([
    {
      attempt: expect.toSatisfy((value) => Number(value) === 1),
      outcome: 'delivered',
      status_code: expect.toSatisfy((value) => Number(value) === 204),
      reason: null,
    },
  ]);
});

it('makes one delivery for each destination, each on its own', async () => {
  const other = await Receiver.start();
  other.respond = answers(500);
  await start([destination(), destination({ name: 'other', url: other.url })]);

  await notify();
  await attempted(2);
  await other.close();

  expect((await states()).toSorted()).toEqual(['delivered', 'pending']);
});

it('tries again by the schedule, with the same webhook-id, until it is delivered', async () => {
  receiver.respond = answers(500, 503, 200);
  await start([destination()]);

  await notify();
  await attempted(1);
  await later(4000 - 1);
  expect(receiver.received).toHaveLength(1);
  await later(2001);
  await attempted(2);
  await later(36_000);
  await settled(1);

  expect(await states()).toEqual(['delivered']);
  expect(new Set(receiver.received.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
  expect(new Set(receiver.received.map(({ headers }) => headers['webhook-timestamp'])).size).toBe(3);
});

it('is dead after the last try, and says why', async () => {
  receiver.respond = answers(500);
  await start([destination()]);

  await notify();
  await attempted(1);
  await later(6001);
  await attempted(2);
  await later(36_001);
  await settled(1);

  expect(await deliveries()).toMatchObject([{ state: 'dead', last_reason: expect.stringContaining('500') }]);
  expect(receiver.received).toHaveLength(3);
});

it('disables a destination that is gone (410), and cancels what is pending for it', async () => {
  receiver.respond = answers(500, 410);
  await start([destination()]);
  await notify('second');
  await attempted(1);

  await notify(TOKEN);
  await settled(2);

  expect((await states()).toSorted()).toEqual(['cancelled', 'dead']);
  expect(await notify(TOKEN)).toBe(204);
  expect(await deliveries()).toHaveLength(2);
});

it('signs with both secrets while one is being replaced', async () => {
  await start([destination({ previousSecret: PREVIOUS })]);

  await notify();
  await settled(1);

  const [{ body, headers } = { body: '', headers: {} }] = receiver.received;
  expect(() => new Webhook(SECRET).verify(body, headers)).not.toThrow();
  expect(() => new Webhook(PREVIOUS).verify(body, headers)).not.toThrow();
});

it('sends one token’s updates in sequence, never two at a time', async () => {
  let atOnce = 0;
  let most = 0;
  receiver.respond = (response) => {
    atOnce += 1;
    most = Math.max(most, atOnce);
    setTimeout(() => {
      atOnce -= 1;
      response.writeHead(204).end();
    }, 2);
  };
  await start([destination()]);

  await Promise.all(Array.from({ length: 30 }, () => notify()));
  await settled(30);

  expect(most).toBe(1);
  expect(receiver.sequences).toEqual(Array.from({ length: 30 }, (_, index) => index + 1));
});

it('keeps signing secrets encrypted', async () => {
  await start([destination({ previousSecret: PREVIOUS })]);

  const stored = JSON.stringify(await gateway.query('select * from destinations'));

  expect(stored).not.toContain(SECRET.slice(6));
  expect(stored).not.toContain(PREVIOUS.slice(6));
});

it('does not go to a private address that is not allowed', async () => {
  await start([destination()], {}, { WEBHOOK_ALLOWED_NETWORKS: '' });

  await notify();
  await attempted(1);

  expect(receiver.received).toEqual([]);
  expect(await states()).toEqual(['pending']);
});

it('takes up again what a dispatcher had claimed that died', async () => {
  await start([destination()]);
  const leaseUntilMs = gateway.clock.nowMs() + 60_000;
  receiver.respond = answers(500, 204);
  await notify();
  await attempted(1);
  await gateway.query(`update deliveries set lease_owner = 'dead one', lease_until_ms = ${leaseUntilMs}`);

  await later(40_000);
  expect(receiver.received).toHaveLength(1);
  await later(20_001);
  await settled(1);

  expect(receiver.received).toHaveLength(2);
});
