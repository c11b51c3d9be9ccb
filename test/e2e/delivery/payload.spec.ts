import { afterEach, beforeEach, expect, it } from 'vitest';
import { Receiver } from '../../support/receiver.js';
import { TOKEN } from '../../support/test-gateway.js';
import { DeliveryGateway, SECRET } from './delivery-gateway.js';

let receiver: Receiver;
let merchant: DeliveryGateway;

beforeEach(async () => {
  receiver = await Receiver.start();
  merchant = await DeliveryGateway.start([{ name: 'main', kind: 'webhook', url: receiver.url, secret: SECRET }]);
});
afterEach(async () => {
  await merchant.close();
  await receiver.close();
});

it.each<[string, string]>([
  ['numbers with all their digits', '{"id":12345678901234567890,"rate":1.0}'],
  ['32,000 nested brackets', '['.repeat(32_000) + ']'.repeat(32_000)],
])('a webhook carries the payload as it came: %s', async (_what, payload) => {
  expect(await merchant.notify(TOKEN, { body: payload, headers: { 'content-type': 'application/json' } })).toBe(204);
  await merchant.settled(1);

  expect(receiver.received[0]?.body.endsWith(`,"payload":${payload}}}`)).toBe(true);
  expect(await merchant.states()).toEqual(['delivered']);
});
