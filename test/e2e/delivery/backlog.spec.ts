import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { groupBy } from '../../support/group-by.js';
import { answers, Receiver } from '../../support/receiver.js';
import { DeliveryGateway, SECRET, type PendingUpdate } from './delivery-gateway.js';

let receiver: Receiver;
let merchant: DeliveryGateway;

async function start(coalesce = false): Promise<void> {
  merchant = await DeliveryGateway.start([
    { name: 'main', kind: 'webhook', url: receiver.url, secret: SECRET, coalesce },
  ]);
}

/** A token's updates; the first one was retried or replayed, and is due, but since later than the others. */
function updatesOf(tokenId: string, count: number): PendingUpdate[] {
  return Array.from({ length: count }, (_, index) => ({
    tokenId,
    sequence: index + 1,
    dueForMs: index === 0 ? 1000 : 60_000,
  }));
}

beforeEach(async () => {
  receiver = await Receiver.start();
});
afterEach(async () => {
  await merchant.close();
  await receiver.close();
});

describe('a token with more due updates than a claim looks at, the first of them due last', () => {
  it('is delivered in sequence', async () => {
    await start();
    await merchant.accumulate(updatesOf('deep', 1200));

    await merchant.later(0);

    await expect.poll(() => receiver.received.length, { timeout: 10_000 }).toBeGreaterThan(20);
    const { sequences } = receiver;
    expect(sequences).toEqual(sequences.map((_, index) => index + 1));
  });

  it('is coalesced', async () => {
    await start(true);
    await merchant.accumulate(updatesOf('deep', 1200));

    await merchant.later(0);
    await merchant.settled(1200);

    expect(receiver.sequences).toEqual([1200]);
  });

  it('does not hold up another token while it is being tried', async () => {
    const held: (() => void)[] = [];
    receiver.respond = (response, { event }) => {
      const answer = (): void => void response.writeHead(204).end();
      if (event.data.tokenId === 'deep') held.push(answer);
      else answer();
    };
    await start();
    await merchant.accumulate(updatesOf('deep', 1200));
    await merchant.later(0);
    await expect.poll(() => held.length).toBe(1);

    await merchant.notify('second');
    await merchant.settled(1);

    expect(receiver.received.map(({ event }) => event.data.tokenId)).toEqual(['deep', 'second']);
    receiver.respond = answers(204);
    held[0]?.();
  });
});

it('delivers a thousand tokens whose first updates are due after their second', { timeout: 40_000 }, async () => {
  await start();
  const tokens = Array.from({ length: 1001 }, (_, index) => `token-${index}`);
  await merchant.accumulate(tokens.flatMap((tokenId) => updatesOf(tokenId, 2)));

  await merchant.later(0);
  await merchant.notify('second');
  await expect.poll(() => receiver.received.length, { timeout: 30_000 }).toBe(2003);

  const byToken = groupBy(receiver.received, ({ event }) => event.data.tokenId);
  const sequences = tokens.map((tokenId) => byToken.get(tokenId)?.map(({ event }) => event.data.sequence));
  expect(sequences).toEqual(tokens.map(() => [1, 2]));
  expect(byToken.get('second')).toHaveLength(1);
});
