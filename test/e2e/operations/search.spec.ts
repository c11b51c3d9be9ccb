import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  OperatedGateway,
  OTHER_GATEWAY,
  SECOND_MERCHANT,
  STRANGER,
  STRANGERS_MERCHANT,
  UUID,
} from '../../support/operated-gateway.js';
import { Receiver } from '../../support/receiver.js';
import { D1_CLIENT, MERCHANT, MERCHANT_GATEWAY } from '../../support/test-gateway.js';

interface Item {
  readonly id: string;
  readonly notificationId: string;
  readonly merchantId: string;
  readonly sequence: number;
  readonly correlationId: string;
}
interface Page {
  readonly items: readonly Item[];
  readonly nextCursor: string | null;
}

let receiver: Receiver;
let operated: OperatedGateway;
let firstAt: string;
let secondAt: string;

/** One call at the first moment, seven at the second, and two that are a stranger's. */
beforeAll(async () => {
  receiver = await Receiver.start();
  operated = await OperatedGateway.start(receiver);
  firstAt = operated.iso();
  await operated.notify('t-1', { correlationId: 'first' });
  await operated.notify('t-1', { merchantGatewayId: OTHER_GATEWAY, merchantId: STRANGERS_MERCHANT });
  await operated.settled(2);
  operated.gateway.clock.advance(60_000);
  secondAt = operated.iso();
  for (const tokenId of ['t-1', 't-2', 't-3', 't-1', 't-2', 't-3']) await operated.notify(tokenId);
  await operated.notify('t-1', { merchantId: SECOND_MERCHANT, correlationId: 'second-shop' });
  await operated.notify('t-1', { merchantGatewayId: OTHER_GATEWAY, merchantId: STRANGERS_MERCHANT });
  await operated.settled(10);
});
afterAll(async () => {
  await operated.close();
  await receiver.close();
});

const page = async (path: string, clientId?: string): Promise<Page> =>
  (await operated.get(path, clientId)).json<Page>();
const count = async (path: string): Promise<number> => (await page(path)).items.length;

/** Every page of a list, one after the other. */
async function walk(list: string, limit: number): Promise<Item[][]> {
  const pages: Item[][] = [];
  let cursor: string | null = '';
  while (cursor !== null) {
    const { items, nextCursor }: Page = await page(`${list}?limit=${limit}${cursor && `&cursor=${cursor}`}`);
    pages.push([...items]);
    cursor = nextCursor;
  }
  return pages;
}

describe('notifications', () => {
  it('are listed whole, without their payload', async () => {
    const answer = await operated.get('notifications?correlationId=first');

    expect(answer.status).toBe(200);
    expect(answer.json()).toEqual({
      items: [
        {
          id: UUID,
          merchantGatewayId: MERCHANT_GATEWAY,
          merchantId: MERCHANT,
          tokenId: 't-1',
          sequence: 1,
          correlationId: 'first',
          clientId: D1_CLIENT,
          receivedAt: firstAt,
        },
      ],
      nextCursor: null,
    });
  });

  it('are found by each filter, and by all together', async () => {
    expect(await count('notifications')).toBe(8);
    expect(await count(`notifications?merchantGatewayId=${MERCHANT_GATEWAY}`)).toBe(8);
    expect(await count(`notifications?merchantId=${SECOND_MERCHANT}`)).toBe(1);
    expect(await count('notifications?tokenId=t-1')).toBe(4);
    expect(await count('notifications?correlationId=c-1')).toBe(6);
    expect(await count(`notifications?receivedFrom=${secondAt}`)).toBe(7);
    expect(await count(`notifications?receivedTo=${secondAt}`)).toBe(1);
    expect(
      await count(
        `notifications?merchantGatewayId=${MERCHANT_GATEWAY}&merchantId=${MERCHANT}&tokenId=t-1&correlationId=c-1&receivedFrom=${secondAt}&receivedTo=2100-01-01T00:00:00%2B01:00`,
      ),
    ).toBe(2);
    expect(await count('notifications?tokenId=none')).toBe(0);
  });

  it.each([1, 3, 8, 500])('come page by page of %i, newest first, none twice and none left out', async (limit) => {
    const pages = await walk('notifications', limit);
    const ids = pages.flat().map(({ id }) => id);

    expect(ids).toHaveLength(8);
    expect(ids).toEqual([...new Set(ids)].toSorted().toReversed());
    expect(pages.slice(0, -1).every(({ length }) => length === limit)).toBe(true);
    expect(pages).toHaveLength(Math.ceil(8 / limit));
  });
});

describe('deliveries', () => {
  it('are listed whole', async () => {
    const answer = await operated.get('deliveries?correlationId=first');

    expect(answer.status).toBe(200);
    expect(answer.json()).toEqual({
      items: [
        {
          id: UUID,
          notificationId: UUID,
          merchantGatewayId: MERCHANT_GATEWAY,
          merchantId: MERCHANT,
          destination: { name: 'main', kind: 'webhook' },
          tokenId: 't-1',
          sequence: 1,
          correlationId: 'first',
          state: 'delivered',
          attempts: 1,
          dueAt: firstAt,
          createdAt: firstAt,
          settledAt: firstAt,
          lastReason: null,
        },
      ],
      nextCursor: null,
    });
  });

  it('are found by each filter, and by all together', async () => {
    const [first] = (await page('notifications?correlationId=first')).items;
    expect(await count('deliveries')).toBe(8);
    expect(await count(`deliveries?merchantGatewayId=${MERCHANT_GATEWAY}`)).toBe(8);
    expect(await count(`deliveries?merchantId=${SECOND_MERCHANT}`)).toBe(1);
    expect(await count('deliveries?destination=main')).toBe(7);
    expect(await count('deliveries?tokenId=t-2')).toBe(2);
    expect(await count('deliveries?correlationId=c-1')).toBe(6);
    expect(await count(`deliveries?notificationId=${first?.id}`)).toBe(1);
    expect(await count('deliveries?state=delivered')).toBe(8);
    for (const state of ['pending', 'dead', 'cancelled']) expect(await count(`deliveries?state=${state}`)).toBe(0);
    expect(await count(`deliveries?createdFrom=${secondAt}`)).toBe(7);
    expect(await count(`deliveries?createdTo=${secondAt}`)).toBe(1);
    expect(
      await count(
        `deliveries?merchantGatewayId=${MERCHANT_GATEWAY}&merchantId=${MERCHANT}&destination=main&tokenId=t-1&correlationId=first&notificationId=${first?.id}&state=delivered&createdFrom=${firstAt}&createdTo=${secondAt}`,
      ),
    ).toBe(1);
  });

  it.each([1, 3, 8, 500])('come page by page of %i, newest first, none twice and none left out', async (limit) => {
    const ids = (await walk('deliveries', limit)).flat().map(({ id }) => id);

    expect(ids).toHaveLength(8);
    expect(ids).toEqual([...new Set(ids)].toSorted().toReversed());
  });

  it('are to be had one by one, with their attempts', async () => {
    const [item] = (await page('deliveries?correlationId=first')).items;

    const answer = await operated.get(`deliveries/${item?.id}`);

    expect(answer.status).toBe(200);
    expect(answer.json()).toEqual({
      ...item,
      attemptHistory: [{ startedAt: firstAt, durationMs: 0, outcome: 'delivered', statusCode: 204, reason: null }],
    });
  });
});

describe('another merchant gateway’s operator', () => {
  it('finds its own, and nothing of others', async () => {
    for (const list of ['notifications', 'deliveries']) {
      const { items } = await page(list, STRANGER);
      expect(items.map(({ merchantId }) => merchantId)).toEqual([STRANGERS_MERCHANT, STRANGERS_MERCHANT]);
      const foreign = [
        `merchantGatewayId=${MERCHANT_GATEWAY}`,
        `merchantId=${MERCHANT}`,
        'tokenId=t-2',
        'correlationId=first',
      ];
      for (const filter of foreign) {
        expect(await page(`${list}?${filter}`, STRANGER)).toEqual({ items: [], nextCursor: null });
      }
    }
  });

  it('is told of a foreign delivery that there is none', async () => {
    const [item] = (await page('deliveries?correlationId=first')).items;

    const answer = await operated.get(`deliveries/${item?.id}`, STRANGER);

    expect(answer.status).toBe(404);
    expect(answer.json()).toEqual({
      type: 'about:blank',
      title: 'Not Found',
      status: 404,
      detail: 'There is no such delivery',
    });
  });
});
