import { afterEach, beforeEach, expect, it } from 'vitest';
import { answers, Receiver } from '../../support/receiver.js';
import { DeliveryGateway, SECRET } from './delivery-gateway.js';

const HOUR_MS = 3_600_000;

let receiver: Receiver;
let merchant: DeliveryGateway;

beforeEach(async () => {
  receiver = await Receiver.start();
  merchant = await DeliveryGateway.start([{ name: 'main', kind: 'webhook', url: receiver.url, secret: SECRET }], {
    DELIVERY_RETRY_SCHEDULE_SECONDS: '5,30,120,600,1800,3600,7200',
  });
});
afterEach(async () => {
  await merchant.close();
  await receiver.close();
});

async function later(ms: number): Promise<void> {
  await merchant.later(ms);
  // Time must not pass under a try: its lease would run out.
  await merchant.idle();
}

it('gives a merchant that was down for an hour everything on its return, without running it over', async () => {
  receiver.respond = answers(500);
  const updates = 60;
  for (let update = 0; update < updates; update += 1) await merchant.notify(update % 2 === 0 ? 'second' : undefined);
  await merchant.idle();
  for (let minute = 0; minute < 60; minute += 1) await later(HOUR_MS / 60);
  expect(await merchant.states()).toEqual(Array.from({ length: updates }, () => 'pending'));
  // The breaker has kept the hour's tries far below what the schedule allows.
  const triesWhileDown = receiver.received.length;
  expect(triesWhileDown).toBeLessThan(updates * 5);

  let atOnce = 0;
  let most = 0;
  receiver.respond = (response) => {
    atOnce += 1;
    most = Math.max(most, atOnce);
    setImmediate(() => {
      atOnce -= 1;
      response.writeHead(204).end();
    });
  };
  await expect
    .poll(
      async () => {
        await later(60_000);
        return new Set(await merchant.states());
      },
      { interval: 10, timeout: 15_000 },
    )
    .toEqual(new Set(['delivered']));

  const returned = receiver.received.slice(triesWhileDown);
  // A leap of the clock can end a lease under a try, which is then made again: at least once, with the same id.
  expect(new Set(returned.map(({ headers }) => headers['webhook-id'])).size).toBe(updates);
  expect(most).toBeLessThanOrEqual(16);
  for (const tokenId of ['second', returned.find(({ event }) => event.data.tokenId !== 'second')?.event.data.tokenId]) {
    const sequences = returned
      .filter(({ event }) => event.data.tokenId === tokenId)
      .map(({ event }) => event.data.sequence);
    expect(new Set(sequences).size).toBe(updates / 2);
  }
});
