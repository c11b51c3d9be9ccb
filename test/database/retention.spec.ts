import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest';
import { lowestId, PARTITIONED_TABLES, partitionName, periodAt } from '../../src/database/partitions/periods.js';
import { Retention } from '../../src/delivery/retention/retention.js';
import { DeliveryGateway, SECRET } from '../e2e/delivery/delivery-gateway.js';
import { answers, Receiver } from '../support/receiver.js';

const DAY_MS = 86_400_000;
const WEEK_MS = 7 * DAY_MS;
const TABLES = ['notifications', 'deliveries', 'delivery_attempts', 'unmatched_notifications'] as const;

let receiver: Receiver;
let merchant: DeliveryGateway;

beforeEach(async () => {
  receiver = await Receiver.start();
});
afterEach(async () => {
  await merchant.close();
  await receiver.close();
});

async function start(env: Readonly<Record<string, string>> = {}): Promise<void> {
  merchant = await DeliveryGateway.start([{ name: 'main', kind: 'webhook', url: receiver.url, secret: SECRET }], {
    RETENTION_DAYS: '30',
    DELIVERY_SWEEP_SECONDS: '3600',
    ...env,
  });
  await keepUp();
}

const keepUp = (): Promise<void> => merchant.gateway.app.get(Retention).keepUp();

/** How much there is of each. */
async function kept(): Promise<number[]> {
  const counts = TABLES.map((table) =>
    merchant.gateway.query<{ n: number | string }>(`select count(*) as n from ${table}`),
  );
  return (await Promise.all(counts)).map(([row]) => Number(row?.n));
}

it('ends what is settled once its time is over, and not before', async () => {
  await start();
  await merchant.notify();
  await merchant.notify('unknown');
  await merchant.settled(1);
  await merchant.attempted(1);

  merchant.gateway.clock.advance(30 * DAY_MS - 1);
  await keepUp();
  expect(await kept()).toEqual([1, 1, 1, 1]);
  merchant.gateway.clock.advance(WEEK_MS + 1);
  await keepUp();

  expect(await kept()).toEqual([0, 0, 0, 0]);
  // The token is numbered on.
  await merchant.notify();
  await merchant.settled(1);
  expect(receiver.sequences).toEqual([1, 2]);
});

it('keeps what is still to be delivered, however old, with all its tries', async () => {
  await start();
  receiver.respond = answers(500, 204);
  await merchant.notify();
  await merchant.attempted(1);

  merchant.gateway.clock.advance(60 * DAY_MS);
  await keepUp();
  expect(await kept()).toEqual([1, 1, 1, 0]);
  await merchant.later(0);
  await merchant.settled(1);
  expect(await merchant.states()).toEqual(['delivered']);
  await merchant.attempted(2);
  await keepUp();

  expect(await kept()).toEqual([0, 0, 0, 0]);
});

it('leaves audit entries alone, however old', async () => {
  await start();
  await merchant.notify('unknown');
  const audit = () => merchant.gateway.query<object>('select * from audit_entries');
  const before = await audit();
  expect(before).toHaveLength(1);

  merchant.gateway.clock.advance(36_500 * DAY_MS);
  await keepUp();

  expect(await kept()).toEqual([0, 0, 0, 0]);
  expect(await audit()).toEqual(before);
});

it('keeps everything where it is told to', async () => {
  await start({ RETENTION_DAYS: '0' });
  await merchant.notify();
  await merchant.settled(1);

  merchant.gateway.clock.advance(36_500 * DAY_MS);
  await keepUp();

  expect((await kept())[0]).toBe(1);
});

it('stops between two batches when the gateway is to end, however much is left', async () => {
  await start();
  const sqlite = inject('engine') === 'sqlite';
  const calls = sqlite ? 20_000 : 100_000;
  const id = sqlite
    ? `'00000000-0000-7000-8000-' || printf('%012d', i)`
    : `('00000000-0000-7000-8000-' || lpad(i::text, 12, '0'))::uuid`;
  await merchant.gateway.query(
    `insert into failed_notifications (id, merchant_gateway_id, merchant_id, token_id, correlation_id, received_at_ms, cause)
     with recursive n(i) as (select 1 union all select i + 1 from n where i < ${calls})
     select ${id}, 'MGW_000001', '10610027312', 'token', 'c-1', 0, 'long ago' from n`,
  );
  const left = async (): Promise<number> => {
    const [row] = await merchant.gateway.query<{ n: number | string }>(
      'select count(*) as n from failed_notifications',
    );
    return Number(row?.n);
  };

  const round = keepUp();
  await expect.poll(left, { interval: 1, timeout: 10_000 }).toBeLessThan(calls);
  await merchant.gateway.app.get(Retention).beforeApplicationShutdown();
  await round;

  expect(await left()).toBeGreaterThan(0);
});

describe.runIf(inject('engine') === 'postgres')('partitions', () => {
  const places = async (): Promise<string[]> => {
    const rows = await merchant.gateway.query<{ place: string }>(
      `select tableoid::regclass::text as place from notifications union select tableoid::regclass::text from deliveries
       union select tableoid::regclass::text from delivery_attempts order by 1`,
    );
    return rows.map(({ place }) => place.replace(/_p\d{8}$/, '_week'));
  };
  const weeks = async (): Promise<string[]> => {
    const rows = await merchant.gateway.query<{ name: string }>(
      `select inhrelid::regclass::text as name from pg_inherits where inhparent = 'deliveries'::regclass order by 1`,
    );
    return rows.map(({ name }) => name);
  };

  it('are made ahead, and dropped when their time is over', async () => {
    await start();
    await merchant.notify();
    await merchant.settled(1);
    await merchant.attempted(1);
    expect(await places()).toEqual(['deliveries_week', 'delivery_attempts_week', 'notifications_week']);
    const [byDefault, thisWeek, next, afterNext] = await weeks();

    merchant.gateway.clock.advance(30 * DAY_MS + WEEK_MS);
    await keepUp();

    const after = await weeks();
    expect(after).not.toContain(thisWeek);
    expect(after.slice(0, 3)).toEqual([byDefault, next, afterNext]);
    expect(after).toHaveLength(6);
    expect(await merchant.gateway.query('select id from notifications')).toEqual([]);
  });

  it('that are missing refuse nothing, and take in what belongs to them once they are made', async () => {
    await start();
    receiver.respond = answers(500, 204);
    merchant.gateway.clock.advance(20 * WEEK_MS);
    expect(await merchant.notify()).toBe(204);
    await merchant.attempted(1);
    expect(await places()).toEqual(['deliveries_default', 'delivery_attempts_default', 'notifications_default']);

    await keepUp();

    expect(await places()).toEqual(['deliveries_week', 'delivery_attempts_week', 'notifications_week']);
    await merchant.later(6001);
    await merchant.settled(1);
    expect(receiver.sequences).toEqual([1, 1]);
  });

  it('that are made while a notification is on its way elsewhere refuse it nothing', async () => {
    await start();
    merchant.gateway.clock.advance(20 * WEEK_MS);
    const { startMs, endMs } = periodAt(merchant.gateway.clock.nowMs());
    const runner = merchant.gateway.dataSource.createQueryRunner();
    await runner.startTransaction();
    for (const table of PARTITIONED_TABLES) {
      const name = partitionName(table, { startMs, endMs });
      await runner.query(`create table ${name} (like ${table} including all)`);
      await runner.query(
        `alter table ${table} attach partition ${name} for values from ('${lowestId(startMs)}') to ('${lowestId(endMs)}')`,
      );
    }

    const answer = merchant.notify();
    const waiting = (): Promise<object[]> =>
      merchant.gateway.query(
        "select pid from pg_locks where not granted and relation = 'notifications_default'::regclass",
      );
    await expect.poll(waiting, { interval: 5, timeout: 10_000 }).toHaveLength(1);
    await runner.commitTransaction();
    await runner.release();

    expect(await answer).toBe(204);
    await merchant.settled(1);
    expect(await merchant.gateway.query('select id from failed_notifications')).toEqual([]);
    expect(await places()).toEqual(['deliveries_week', 'delivery_attempts_week', 'notifications_week']);
  });
});
