import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Provisioner } from '../../../src/registry/provisioning/provisioner.js';
import {
  OperatedGateway,
  OTHER_GATEWAY,
  SECOND_MERCHANT,
  STRANGER,
  STRANGERS_MERCHANT,
} from '../../support/operated-gateway.js';
import { Receiver } from '../../support/receiver.js';
import { MERCHANT, MERCHANT_GATEWAY } from '../../support/test-gateway.js';

interface Unaccounted {
  readonly notifications: { readonly count: number; readonly ids: readonly string[] };
  readonly deliveries: { readonly count: number; readonly ids: readonly string[] };
}
interface Report {
  readonly balanced: boolean;
  readonly merchants: readonly { readonly balanced: boolean; readonly unaccounted: Unaccounted }[];
}

const NONE: Unaccounted = { notifications: { count: 0, ids: [] }, deliveries: { count: 0, ids: [] } };
const HOUR_MS = 3_600_000;
const EMPTY = { delivered: 0, pending: 0, dead: 0, cancelled: 0, unaccounted: NONE, balanced: true };

let receiver: Receiver;
let operated: OperatedGateway;

/** Three notifications of the first merchant, one of the second, one of a stranger; all delivered. */
beforeEach(async () => {
  receiver = await Receiver.start();
  operated = await OperatedGateway.start(receiver);
  for (const tokenId of ['t-1', 't-2', 't-3']) await operated.notify(tokenId);
  await operated.notify('t-1', { merchantId: SECOND_MERCHANT });
  await operated.notify('t-1', { merchantGatewayId: OTHER_GATEWAY, merchantId: STRANGERS_MERCHANT });
  await operated.settled(5);
});
afterEach(async () => {
  await operated.close();
  await receiver.close();
});

const query = <Row>(sql: string): Promise<Row[]> => operated.gateway.query<Row>(sql);
const answer = async (more = '', merchantGatewayId = MERCHANT_GATEWAY, clientId?: string) =>
  operated.get(`reconciliation?merchantGatewayId=${merchantGatewayId}${more}`, clientId);
/** Of the first merchant. */
async function unaccounted(): Promise<Unaccounted> {
  const { balanced, merchants } = (await answer(`&merchantId=${MERCHANT}`)).json<Report>();
  const [merchant] = merchants;
  expect(merchants).toHaveLength(1);
  expect(merchant?.balanced).toBe(balanced);
  return merchant?.unaccounted ?? expect.unreachable();
}
const notificationsOf = async (merchantId: string): Promise<string[]> =>
  (await query<{ id: string }>(`select id from notifications where merchant_id = '${merchantId}' order by id`)).map(
    ({ id }) => id,
  );

describe('reconciliation', () => {
  it('accounts for every notification, merchant by merchant', async () => {
    await query(`update deliveries set state = 'dead' where token_id = 't-2'`);
    await query(`update deliveries set state = 'cancelled' where token_id = 't-3'`);

    const found = await answer();

    expect(found.status).toBe(200);
    expect(found.json()).toEqual({
      merchantGatewayId: MERCHANT_GATEWAY,
      balanced: true,
      merchants: [
        { ...EMPTY, merchantId: MERCHANT, notifications: 3, deliveries: 3, delivered: 1, dead: 1, cancelled: 1 },
        { ...EMPTY, merchantId: SECOND_MERCHANT, notifications: 1, deliveries: 1, delivered: 1 },
      ],
    });
  });

  it('is of one merchant where asked', async () => {
    expect((await answer(`&merchantId=${SECOND_MERCHANT}`)).json()).toEqual({
      merchantGatewayId: MERCHANT_GATEWAY,
      balanced: true,
      merchants: [{ ...EMPTY, merchantId: SECOND_MERCHANT, notifications: 1, deliveries: 1, delivered: 1 }],
    });
  });

  it('names a notification whose delivery is gone', async () => {
    const [id] = await notificationsOf(SECOND_MERCHANT);
    await query(`delete from deliveries where notification_id = '${id}'`);

    expect((await answer()).json()).toEqual({
      merchantGatewayId: MERCHANT_GATEWAY,
      balanced: false,
      merchants: [
        { ...EMPTY, merchantId: MERCHANT, notifications: 3, deliveries: 3, delivered: 3 },
        {
          ...EMPTY,
          merchantId: SECOND_MERCHANT,
          notifications: 1,
          deliveries: 1,
          unaccounted: { ...NONE, notifications: { count: 1, ids: [id] } },
          balanced: false,
        },
      ],
    });
    expect(await unaccounted()).toEqual(NONE);
  });

  it('names a delivery whose notification is gone', async () => {
    const [notificationId] = await notificationsOf(MERCHANT);
    const [delivery] = await query<{ id: string }>(
      `select id from deliveries where notification_id = '${notificationId}'`,
    );
    await query(`delete from notifications where id = '${notificationId}'`);

    expect((await answer()).json()).toEqual({
      merchantGatewayId: MERCHANT_GATEWAY,
      balanced: false,
      merchants: [
        {
          ...EMPTY,
          merchantId: MERCHANT,
          notifications: 2,
          deliveries: 2,
          delivered: 2,
          unaccounted: { ...NONE, deliveries: { count: 1, ids: [delivery?.id] } },
          balanced: false,
        },
        { ...EMPTY, merchantId: SECOND_MERCHANT, notifications: 1, deliveries: 1, delivered: 1 },
      ],
    });
  });

  it('counts all that is missing, and names the first thousand', async () => {
    const [id] = await notificationsOf(MERCHANT);
    await query(copies(id ?? '', 4500));

    for (const more of ['', `&merchantId=${MERCHANT}`]) {
      const [merchant] = (await answer(more)).json<Report>().merchants;
      expect(merchant).toMatchObject({
        notifications: 4503,
        deliveries: 4503,
        unaccounted: { notifications: { count: 4500 } },
      });
      const { ids } = merchant?.unaccounted.notifications ?? { ids: [] };
      expect(ids).toEqual([...new Set(ids)].toSorted());
      expect(ids).toHaveLength(1000);
    }
  });

  it('knows no merchant gateway or merchant that is not the caller’s', async () => {
    const problem = { type: 'about:blank', title: 'Not Found', status: 404 };
    expect((await answer('', MERCHANT_GATEWAY, STRANGER)).json()).toEqual({
      ...problem,
      detail: 'There is no such merchant gateway',
    });
    expect((await answer(`&merchantId=${MERCHANT}`, OTHER_GATEWAY, STRANGER)).json()).toEqual({
      ...problem,
      detail: 'There is no such merchant',
    });
    expect((await answer('', OTHER_GATEWAY, STRANGER)).json()).toMatchObject({
      merchants: [{ merchantId: STRANGERS_MERCHANT, notifications: 1, deliveries: 1 }],
    });
  });
});

describe('a notification calls for no delivery', () => {
  const removeDeliveries = (): Promise<unknown[]> => query('delete from deliveries');
  const moveDestination = (column: string, byMs: number): Promise<unknown[]> =>
    query(`update destinations set ${column} = ${operated.gateway.clock.nowMs() + byMs}`);

  beforeEach(removeDeliveries);

  it('to a destination that was made after it', async () => {
    expect((await unaccounted()).notifications.count).toBe(3);

    await moveDestination('created_at_ms', 1);

    expect(await unaccounted()).toEqual(NONE);
  });

  it('to a destination that was disabled, be it while the notification was being committed', async () => {
    for (const byMs of [-HOUR_MS, 0, 1000]) {
      await moveDestination('disabled_at_ms', byMs);
      expect(await unaccounted()).toEqual(NONE);
    }

    await moveDestination('disabled_at_ms', HOUR_MS);

    expect((await unaccounted()).notifications.count).toBe(3);
  });

  it('to a destination that was disabled then and is enabled again', async () => {
    await moveDestination('disabled_at_ms', -HOUR_MS);
    operated.gateway.clock.advance(60_000);
    const { app, config } = operated.gateway;
    await app.get(Provisioner).applyFile(config.provisionFile ?? '', { generateSecrets: true });
    expect(await query('select id from destinations where disabled_at_ms is not null')).toEqual([]);
    await operated.notify('t-1');
    expect(await unaccounted()).toEqual(NONE);

    await removeDeliveries();

    expect((await unaccounted()).notifications.ids).toEqual((await notificationsOf(MERCHANT)).slice(-1));
  });

  it('where it was unmatched, until it was matched', async () => {
    const unmatched = (matchedAtMs: number): Promise<unknown[]> =>
      query(`
        insert into unmatched_notifications
          (id, merchant_gateway_id, merchant_id, token_id, correlation_id, received_at_ms, reason, notification_id, matched_at_ms)
        select id, merchant_gateway_id, merchant_id, token_id, correlation_id, received_at_ms, 'UNKNOWN_TOKEN', id, ${matchedAtMs}
        from notifications`);
    await moveDestination('created_at_ms', HOUR_MS);
    expect(await unaccounted()).toEqual(NONE);

    await unmatched(operated.gateway.clock.nowMs() + 2 * HOUR_MS);

    expect((await unaccounted()).notifications.count).toBe(3);
  });
});

/** So many copies of a notification, without a delivery. */
function copies(id: string, count: number): string {
  const uuid = `'01936a3e-0000-7000-8000-' || substr('00000000000' || n, length('' || n), 12)`;
  const { engine } = operated.gateway.config.database;
  return `
    insert into notifications
      (id, merchant_gateway_id, merchant_id, token_id, correlation_id, received_at_ms, sequence)
    with recursive numbers(n) as (select 1 union all select n + 1 from numbers where n < ${count})
    select ${engine === 'sqlite' ? uuid : `(${uuid})::uuid`}, c.merchant_gateway_id, c.merchant_id, 'copy-' || n,
           c.correlation_id, c.received_at_ms, 1
    from notifications c cross join numbers where c.id = '${id}'`;
}
