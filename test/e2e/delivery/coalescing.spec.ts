import { afterEach, beforeEach, expect, it } from 'vitest';
import { answers, Receiver } from '../../support/receiver.js';
import { DeliveryGateway, SECRET } from './delivery-gateway.js';

let receiver: Receiver;
let merchant: DeliveryGateway;

beforeEach(async () => {
  receiver = await Receiver.start();
  merchant = await DeliveryGateway.start([
    { name: 'main', kind: 'webhook', url: receiver.url, secret: SECRET, coalesce: true },
  ]);
});
afterEach(async () => {
  await merchant.close();
  await receiver.close();
});

it('sends only the newest of a token’s pending updates, and accounts for the others', async () => {
  receiver.respond = answers(500, 500, 204);
  await merchant.notify();
  await merchant.attempted(1);
  await merchant.notify();
  await merchant.attempted(2);
  await merchant.notify('second');
  await merchant.attempted(3);

  await merchant.notify();
  await merchant.settled(4);

  expect(receiver.received.map(({ event }) => [event.data.tokenId, event.data.sequence]).slice(2)).toEqual([
    ['second', 3],
    [expect.any(String), 4],
  ]);
  const rows = await merchant.deliveries();
  expect(rows.map(({ state }) => state).toSorted()).toEqual(['cancelled', 'cancelled', 'delivered', 'delivered']);
  const newest = rows.at(-1);
  expect(rows.filter(({ state }) => state === 'cancelled').map(({ last_reason: reason }) => reason)).toEqual([
    expect.stringMatching(/^absorbed by /),
    `absorbed by ${newest?.id}`,
  ]);
});
