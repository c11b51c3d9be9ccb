import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { v7 as uuidv7 } from 'uuid';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Overview } from '../../../src/operations/overview/overview.js';
import { Provisioner } from '../../../src/registry/provisioning/provisioner.js';
import { MERCHANT, MERCHANT_GATEWAY } from '../../support/test-gateway.js';
import {
  OperatedGateway,
  OTHER_GATEWAY,
  SECOND_MERCHANT,
  STRANGER,
  STRANGERS_MERCHANT,
  UUID,
} from '../../support/operated-gateway.js';
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

/** Newer than all there are. */
async function giveUpOf(merchantId: string, count: number): Promise<void> {
  const [destination] = await gateway.gateway.query<{ id: string }>(
    `select id from destinations where merchant_id = '${merchantId}'`,
  );
  const rows = Array.from(
    { length: count },
    (_, n) => `('${uuidv7()}', '${uuidv7()}', '${destination?.id}', 't-${n}', 1, 'dead', 1, 0, 0, 0)`,
  );
  await gateway.gateway.query(
    `insert into deliveries (id, notification_id, destination_id, token_id, sequence, state, attempts, due_at_ms,
                             created_at_ms, settled_at_ms) values ${rows.join()}`,
  );
}

/** Each with a destination, and before all others in the order of ids. */
async function addMerchants(count: number): Promise<void> {
  const merchants = Array.from({ length: count }, (_, n) => ({
    id: String(n).padStart(11, '0'),
    name: `Shop ${n}`,
    destinations: [
      { name: 'main', kind: 'webhook', url: receiver.url, secret: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw' },
    ],
  }));
  const file = join(gateway.gateway.database.dataDir, 'more.json');
  await writeFile(
    file,
    JSON.stringify({ merchantGateways: [{ id: MERCHANT_GATEWAY, name: 'Example PSP', merchants }] }),
  );
  await gateway.gateway.app.get(Provisioner).applyFile(file);
}

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

  it('counts what is delivered when it is, however long ago it was accepted', async () => {
    receiver.respond = answers(503, 204);
    await gateway.notify('t-1');
    await gateway.attempted(1);
    // The outage ends.
    await gateway.later(7_200_000);
    await gateway.settled(1);

    const { minutes, latency } = await overview();

    expect(minutes.at(-1)).toMatchObject({ accepted: 0, delivered: 1 });
    expect(minutes.filter(({ accepted }) => accepted > 0)).toEqual([]);
    expect(latency.p50Ms).toBeGreaterThan(1_800_000);
  });

  it('counts what was given up of each destination, whatever was given up of others', async () => {
    receiver.respond = answers(503);
    await gateway.notify('t-1');
    await gateway.attempted(1);
    await gateway.later(60_000);
    await gateway.settled(1);
    await giveUpOf(STRANGERS_MERCHANT, 10_001);

    const mine = await overview();
    expect([mine.dead, mine.merchants[0]?.dead]).toEqual([1, 1]);
    expect((await overview(STRANGER)).dead).toBe(10_000);
  });

  it('counts all destinations, and names those for whom there is something among more than 500 merchants', async () => {
    await gateway.notify('t-1');
    await gateway.settled(1);
    await addMerchants(500);
    receiver.respond = answers(503);
    await gateway.notify('t-2');
    await gateway.attempted(2);

    const { minutes, pending, merchants } = await overview();

    expect(minutes.at(-1)).toMatchObject({ accepted: 2, delivered: 1 });
    expect(pending).toBe(1);
    expect(merchants).toHaveLength(500);
    expect(merchants.at(-1)).toMatchObject({ merchantId: MERCHANT, pending: 1 });
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

    const { pending, dead, merchants, unmatched, newestUnmatched } = await overview();

    expect([pending, dead]).toEqual([1, 1]);
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
      nextCursor: null,
    });
  });

  it('are listed page by page', async () => {
    const first = (await gateway.get('destinations?limit=1')).json<{ items: { name: string }[]; nextCursor: string }>();
    expect(first.items.map(({ name }) => name)).toEqual(['main']);

    const second = (await gateway.get(`destinations?limit=1&cursor=${first.nextCursor}`)).json();
    expect(second).toMatchObject({ items: [{ name: 'second' }], nextCursor: null });
    expect((await gateway.get('destinations?verbose=1')).status).toBe(400);
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
