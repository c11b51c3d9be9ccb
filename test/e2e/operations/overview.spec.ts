import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Overview } from '../../../src/operations/overview/overview.js';
import { MERCHANT, MERCHANT_GATEWAY } from '../../support/test-gateway.js';
import { OperatedGateway, OTHER_GATEWAY, SECOND_MERCHANT, STRANGER, UUID } from '../../support/operated-gateway.js';
import { answers, Receiver } from '../../support/receiver.js';

let receiver: Receiver;
let gateway: OperatedGateway;
beforeEach(async () => {
  receiver = await Receiver.start();
  gateway = await OperatedGateway.start(receiver);
});
afterEach(async () => {
  await gateway.close();
  await receiver.close();
});

const overview = async (client?: string): Promise<Overview> => (await gateway.get('overview', client)).json<Overview>();
const merchant = (merchantId: string, name: string, counts: object = {}): object => ({
  merchantGatewayId: MERCHANT_GATEWAY,
  merchantId,
  name,
  pending: 0,
  oldestPendingAt: null,
  dead: 0,
  ...counts,
});

describe('the overview', () => {
  it('says what was accepted and delivered in each minute of the last hour, and how long it took', async () => {
    await gateway.notify('t-1');
    await gateway.notify('t-2');
    await gateway.settled(2);
    const firstMinute = gateway.iso().replace(/\d\d\.\d{3}Z$/, '00.000Z');
    gateway.gateway.clock.advance(180_000);
    await gateway.notify('t-1');
    await gateway.settled(3);

    const { minutes, latency, merchants } = await overview();

    expect(minutes).toHaveLength(61);
    const then = minutes.find(({ at }) => at === firstMinute);
    expect(then).toEqual({ at: firstMinute, accepted: 2, delivered: 2, ...latency });
    expect(minutes.at(-1)).toMatchObject({ accepted: 1, delivered: 1 });
    expect(minutes.at(-2)).toMatchObject({ accepted: 0, delivered: 0, p50Ms: null, p95Ms: null, p99Ms: null });
    // The clock of the test stands still while a delivery is made: the first bucket ends at 5 ms.
    expect(latency.p50Ms).toBeLessThanOrEqual(5);
    expect(merchants).toEqual([merchant(MERCHANT, 'Example shop'), merchant(SECOND_MERCHANT, 'Second shop')]);
  });

  it('sees what was delivered late, by how late it was', async () => {
    receiver.respond = answers(503, 204);
    await gateway.notify('t-1');
    await gateway.attempted(1);
    expect((await overview()).minutes.at(-1)).toMatchObject({ accepted: 1, delivered: 0 });

    await gateway.later(120_000);
    await gateway.settled(1);

    const { minutes, latency } = await overview();
    expect(minutes.at(-1)).toMatchObject({ accepted: 0, delivered: 1 });
    expect(minutes.at(-3)).toMatchObject({ accepted: 1, delivered: 0 });
    expect(latency.p50Ms).toBeGreaterThan(60_000);
    expect(latency.p50Ms).toBeLessThanOrEqual(300_000);
  });

  it('counts what waits, what was given up and what is unmatched', async () => {
    receiver.respond = answers(503);
    await gateway.notify('t-1');
    await gateway.attempted(1);
    await gateway.later(60_000);
    await gateway.settled(1);
    await gateway.notify('t-2');
    const arrived = gateway.iso();
    await gateway.attempted(3);
    await expect(gateway.notify('not-there')).rejects.toThrow();

    const { merchants, unmatched, newestUnmatched } = await overview();

    expect(merchants).toEqual([
      merchant(MERCHANT, 'Example shop', { pending: 1, oldestPendingAt: arrived, dead: 1 }),
      merchant(SECOND_MERCHANT, 'Second shop'),
    ]);
    expect(unmatched).toBe(1);
    expect(newestUnmatched).toEqual([
      {
        receivedAt: arrived,
        merchantGatewayId: MERCHANT_GATEWAY,
        merchantId: MERCHANT,
        tokenId: 'not-there',
        reason: 'UNKNOWN_TOKEN',
      },
    ]);
  });

  it('shows an operator nothing of another merchant gateway', async () => {
    await gateway.notify('t-1');
    await gateway.settled(1);
    await expect(gateway.notify('not-there')).rejects.toThrow();

    const { minutes, merchants, unmatched, newestUnmatched } = await overview(STRANGER);

    expect(minutes.filter(({ accepted, delivered }) => accepted + delivered > 0)).toEqual([]);
    expect(merchants.map((each) => each.merchantGatewayId)).toEqual([OTHER_GATEWAY]);
    expect([unmatched, newestUnmatched]).toEqual([0, []]);
  });
});

interface Item {
  readonly id: string;
  readonly state: string;
}

describe('destinations', () => {
  const main = async (): Promise<Item> => {
    const [item] = (await gateway.get('destinations')).json<{ items: Item[] }>().items;
    if (!item) throw new Error('There is no destination');
    return item;
  };

  it('are listed with their state', async () => {
    await gateway.notify('t-1');
    await gateway.settled(1);

    const destination = { id: UUID, merchantGatewayId: MERCHANT_GATEWAY, kind: 'webhook', state: 'active' };
    const fine = { pausedAt: null, disabledAt: null, pending: 0, oldestPendingAt: null, dead: 0 };
    expect((await gateway.get('destinations')).json()).toEqual({
      items: [
        {
          ...destination,
          ...fine,
          merchantId: MERCHANT,
          merchantName: 'Example shop',
          name: 'main',
          breaker: 'closed',
        },
        {
          ...destination,
          ...fine,
          merchantId: SECOND_MERCHANT,
          merchantName: 'Second shop',
          name: 'second',
          breaker: 'unknown',
        },
      ],
    });
  });

  it('are given nothing while they are paused, and everything when they go on', async () => {
    const { id } = await main();
    const paused = await gateway.post(`destinations/${id}/pause`);
    const pausedAt = gateway.iso();
    expect(paused.json()).toMatchObject({ state: 'paused', pausedAt, pending: 0 });

    await gateway.notify('t-1');
    await gateway.notify('t-1');
    await gateway.notify('t-2', { merchantId: SECOND_MERCHANT });
    // The other one's has gone, so the dispatcher has looked after both.
    await gateway.settled(1);
    await gateway.later(60_000);
    expect(receiver.received.map(({ event }) => event.data.merchantId)).toEqual([SECOND_MERCHANT]);
    const again = await gateway.post(`destinations/${id}/pause`);
    expect(again.json()).toMatchObject({ state: 'paused', pausedAt, pending: 2 });

    const resumed = await gateway.post(`destinations/${id}/resume`);
    expect(resumed.json()).toMatchObject({ state: 'active', pausedAt: null });
    await gateway.settled(3);
    expect(receiver.received.slice(1).map(({ event }) => event.data.sequence)).toEqual([1, 2]);
  });

  it('of another merchant gateway cannot be paused, nor can what is none', async () => {
    const { id } = await main();

    for (const refused of [
      await gateway.post(`destinations/${id}/pause`, undefined, STRANGER),
      await gateway.post('destinations/none/resume'),
    ]) {
      expect(refused.status).toBe(404);
      expect(refused.json()).toMatchObject({ title: 'Not Found', detail: 'There is no such destination' });
    }
    expect((await main()).state).toBe('active');
  });
});
