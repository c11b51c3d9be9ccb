import { Webhook } from 'standardwebhooks';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { DeliveriesRepository } from '../../../src/delivery/repository/deliveries.repository.js';
import { answers, Receiver } from '../../support/receiver.js';
import { MERCHANT, MERCHANT_GATEWAY, TOKEN } from '../../support/test-gateway.js';
import { DeliveryGateway, SECRET } from './delivery-gateway.js';

const PREVIOUS = 'whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD';

let receiver: Receiver;
let merchant: DeliveryGateway;

const destination = (more: object = {}): object => ({
  name: 'main',
  kind: 'webhook',
  url: receiver.url,
  secret: SECRET,
  ...more,
});

beforeEach(async () => {
  receiver = await Receiver.start();
});
afterEach(async () => {
  await merchant.close();
  await receiver.close();
});

it('sends an accepted notification to the merchant, signed', async () => {
  merchant = await DeliveryGateway.start([destination()]);

  expect(
    await merchant.notify(TOKEN, {
      body: '{"reason":"CARD_RENEWED"}',
      headers: { 'content-type': 'application/json', 'x-correlation-id': 'c-1' },
    }),
  ).toBe(204);
  await merchant.settled(1);

  const [webhook] = receiver.received;
  const [delivery] = await merchant.deliveries();
  const receivedAt = merchant.gateway.clock.now().toISOString();
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
  expect(await merchant.gateway.query('select attempt, outcome, status_code, reason from delivery_attempts')).toEqual([
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
  merchant = await DeliveryGateway.start([destination(), destination({ name: 'other', url: other.url })]);

  await merchant.notify();
  await merchant.attempted(2);
  await other.close();

  expect((await merchant.states()).toSorted()).toEqual(['delivered', 'pending']);
});

it('tries again by the schedule, with the same webhook-id, until it is delivered', async () => {
  receiver.respond = answers(500, 503, 200);
  merchant = await DeliveryGateway.start([destination()]);

  await merchant.notify();
  await merchant.attempted(1);
  await merchant.later(4000 - 1);
  expect(receiver.received).toHaveLength(1);
  await merchant.later(2001);
  await merchant.attempted(2);
  await merchant.later(36_000);
  await merchant.settled(1);

  expect(await merchant.states()).toEqual(['delivered']);
  expect(new Set(receiver.received.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
  expect(new Set(receiver.received.map(({ headers }) => headers['webhook-timestamp'])).size).toBe(3);
});

it('is dead after the last try, and says why', async () => {
  receiver.respond = answers(500);
  merchant = await DeliveryGateway.start([destination()]);

  await merchant.notify();
  await merchant.attempted(1);
  await merchant.later(6001);
  await merchant.attempted(2);
  await merchant.later(36_001);
  await merchant.settled(1);

  expect(await merchant.deliveries()).toMatchObject([{ state: 'dead', last_reason: expect.stringContaining('500') }]);
  expect(receiver.received).toHaveLength(3);
});

it('disables a destination that is gone (410), and cancels what is pending for it', async () => {
  receiver.respond = answers(500, 410);
  merchant = await DeliveryGateway.start([destination()]);
  await merchant.notify('second');
  await merchant.attempted(1);

  await merchant.notify(TOKEN);
  await merchant.settled(2);

  expect((await merchant.states()).toSorted()).toEqual(['cancelled', 'dead']);
  // What comes from now on is kept as cancelled, so that it can be replayed.
  expect(await merchant.notify(TOKEN)).toBe(204);
  expect((await merchant.states()).toSorted()).toEqual(['cancelled', 'cancelled', 'dead']);
  expect(receiver.received).toHaveLength(2);
});

it('signs with both secrets while one is being replaced', async () => {
  merchant = await DeliveryGateway.start([destination({ previousSecret: PREVIOUS })]);

  await merchant.notify();
  await merchant.settled(1);

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
  merchant = await DeliveryGateway.start([destination()]);

  await Promise.all(Array.from({ length: 30 }, () => merchant.notify()));
  await merchant.settled(30);

  expect(most).toBe(1);
  expect(receiver.sequences).toEqual(Array.from({ length: 30 }, (_, index) => index + 1));
});

it('keeps signing secrets encrypted', async () => {
  merchant = await DeliveryGateway.start([destination({ previousSecret: PREVIOUS })]);

  const stored = JSON.stringify(await merchant.gateway.query('select * from destinations'));

  expect(stored).not.toContain(SECRET.slice(6));
  expect(stored).not.toContain(PREVIOUS.slice(6));
});

it('does not go to a private address that is not allowed', async () => {
  merchant = await DeliveryGateway.start([destination()], { WEBHOOK_ALLOWED_NETWORKS: '' });

  await merchant.notify();
  await merchant.attempted(1);

  expect(receiver.received).toEqual([]);
  expect(await merchant.states()).toEqual(['pending']);
});

it('takes up again what a dispatcher had claimed that died', async () => {
  merchant = await DeliveryGateway.start([destination()]);
  const { app, clock } = merchant.gateway;
  receiver.respond = answers(500, 204);
  await merchant.notify();
  await merchant.attempted(1);
  const [destinationRow] = await merchant.gateway.query<{ id: string }>('select id from destinations');
  const claim = { owner: 'dead one', nowMs: clock.nowMs() + 7000, leaseUntilMs: clock.nowMs() + 60_000 };
  const due = { id: destinationRow?.id ?? '', coalesce: false };
  expect(await app.get(DeliveriesRepository).claimDue(due, 1, claim)).toHaveLength(1);

  await merchant.later(40_000);
  expect(receiver.received).toHaveLength(1);
  await merchant.leasesRunOut();
  await merchant.later(20_001);
  await merchant.attempted(2);
  // The first was known to have failed; after the one that was lost it is the schedule's first wait.
  await merchant.later(6001);
  await merchant.settled(1);

  expect(receiver.received).toHaveLength(2);
});
