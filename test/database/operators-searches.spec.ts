import { afterAll, beforeAll, describe, expect, inject, it, vi } from 'vitest';
import { timeOrderedId } from '../../src/clock/time-ordered-id.js';
import { Retention } from '../../src/delivery/retention/retention.js';
import { NotificationIndex } from '../../src/operations/repository/notification-index.js';
import { OperatedGateway } from '../support/operated-gateway.js';
import { Receiver } from '../support/receiver.js';
import { MERCHANT, MERCHANT_GATEWAY } from '../support/test-gateway.js';

const WEEK_MS = 7 * 86_400_000;
const WEEKS = 3;
const ROWS_A_WEEK = 4000;
const ROWS_A_STATEMENT = 1000;
/** Each with a few updates: PostgreSQL would rather read tables as small as these than look many up. */
const TOKENS = 4000;
const PAGE = 50;
/** For a page of 50, and what is read beside it: destinations, notifications of deliveries, and so on. */
const ROWS_A_PAGE = 6 * PAGE;

interface PlanNode {
  readonly 'Relation Name'?: string;
  readonly 'Actual Rows': number;
  readonly 'Actual Loops': number;
  readonly 'Rows Removed by Filter'?: number;
  readonly Plans?: readonly PlanNode[];
}

/** What a statement touches: on PostgreSQL rows and weeks, on SQLite what is read from end to end. */
interface Touched {
  readonly found: number;
  readonly rows: number;
  readonly weeks: number;
  readonly walked: readonly string[];
}

let receiver: Receiver;
let operated: OperatedGateway;
let firstMs: number;

beforeAll(async () => {
  receiver = await Receiver.start();
  operated = await OperatedGateway.start(receiver, { env: { DELIVERY_SWEEP_SECONDS: '3600' } });
  firstMs = operated.gateway.clock.nowMs();
  await operated.gateway.app.get(Retention).keepUp();
  await fill();
});
afterAll(async () => {
  await operated.close();
  await receiver.close();
});

describe('of all weeks, what an operator looks for is found by an index, and only the weeks asked for are read', () => {
  const firstHours = (): string => {
    const [from, to] = [firstMs, firstMs + WEEK_MS / 50].map((ms) => new Date(ms).toISOString());
    return `From=${from}&TIMETo=${to}`;
  };
  const within = (time: string): string => `${time}${firstHours().replace('TIME', time)}`;

  it.each([
    ['notifications', 'received', '', 1],
    ['notifications', 'received', `&merchantGatewayId=${MERCHANT_GATEWAY}&merchantId=${MERCHANT}`, 1],
    ['notifications', 'received', '&tokenId=token-7', 1],
    ['deliveries', 'created', '', 1],
    ['deliveries', 'created', '&state=delivered', 1],
  ])('%s by %s time%s', async (list, time, others, weeks) => {
    const touched = await touchedBy(`${list}?${within(time)}${others}`);

    expect(touched.found).toBeGreaterThan(0);
    expect(touched).toMatchObject({ walked: [], weeks });
    expect(touched.rows).toBeLessThanOrEqual(ROWS_A_PAGE);
  });

  it.each([
    'notifications?tokenId=token-7',
    `notifications?merchantGatewayId=${MERCHANT_GATEWAY}&merchantId=${MERCHANT}&tokenId=token-7`,
    'notifications?correlationId=c-1234',
    'deliveries?tokenId=token-7',
    `deliveries?merchantGatewayId=${MERCHANT_GATEWAY}&merchantId=${MERCHANT}&tokenId=token-7`,
    'deliveries?tokenId=token-7&state=delivered',
    'deliveries?correlationId=c-1234',
  ])('%s', async (path) => {
    const touched = await touchedBy(path);

    expect(touched.found).toBeGreaterThan(0);
    expect(touched.walked).toEqual([]);
    expect(touched.rows).toBeLessThanOrEqual(ROWS_A_PAGE);
  });

  it.runIf(inject('engine') === 'postgres')('once more where a week has been dropped meanwhile', async () => {
    const read = vi
      .fn(() => operated.gateway.query<{ one: number }>('select 1 as one'))
      .mockImplementationOnce(() => operated.gateway.query('select 1 as one from notifications_p19700101'));

    const rows = await operated.gateway.app.get(NotificationIndex).search({ tokenId: 'token-7' }, {}, read);

    expect(rows).toEqual([{ one: 1 }]);
    expect(read).toHaveBeenCalledTimes(2);
  });

  it('deliveries of a notification', async () => {
    const [{ id } = { id: '' }] = await operated.gateway.query<{ id: string }>('select id from notifications limit 1');

    expect(await touchedBy(`deliveries?notificationId=${id}`)).toMatchObject({ found: 1, walked: [] });
  });

  // The last one: this notification has no delivery.
  it('across numbers that were left out', async () => {
    const { gateway } = operated;
    const atMs = gateway.clock.nowMs();
    await gateway.query(
      `insert into notifications (id, merchant_gateway_id, merchant_id, token_id, sequence, correlation_id, received_at_ms)
       values ('${timeOrderedId(atMs)}', '${MERCHANT_GATEWAY}', '${MERCHANT}', 'token-7', ${2 ** 50}, 'c-moved', ${atMs})`,
    );

    expect(await touchedBy('notifications?tokenId=token-7')).toMatchObject({ found: WEEKS + 1, walked: [] });
  });
});

/** The statement that a search sends, as the engine plans and runs it. */
async function touchedBy(path: string): Promise<Touched> {
  const query = vi.spyOn(operated.gateway.dataSource, 'query');
  const { items } = (await operated.get(`${path}&limit=${PAGE}`)).json<{ items: object[] }>();
  const [sql = '', parameters] =
    query.mock.calls.find(([text]) => /from (notifications n|deliveries d)\b/.test(text)) ?? [];
  query.mockRestore();
  const found = items.length;
  if (inject('engine') === 'sqlite') {
    const plan = await operated.gateway.dataSource.query<{ detail: string }[]>(`explain query plan ${sql}`, parameters);
    // The few destinations may be.
    const walked = plan.map(({ detail }) => detail).filter((detail) => /^SCAN [nd]\b/.test(detail));
    return { found, rows: 0, weeks: 1, walked };
  }
  const [
    {
      'QUERY PLAN': [{ Plan: plan }],
    },
  ] = await operated.gateway.dataSource.query<[{ 'QUERY PLAN': [{ Plan: PlanNode }] }]>(
    `explain (analyze, format json) ${sql}`,
    parameters,
  );
  const scans = nodesOf(plan).filter((node) => /_(p\d{8}|default)$/.test(node['Relation Name'] ?? ''));
  const read = scans.filter((node) => node['Actual Loops'] > 0);
  const rows = read.reduce(
    (sum, node) => sum + (node['Actual Rows'] + (node['Rows Removed by Filter'] ?? 0)) * node['Actual Loops'],
    0,
  );
  const weeks = new Set(read.map((node) => node['Relation Name']?.split('_').at(-1))).size;
  return { found, rows, weeks, walked: [] };
}

function nodesOf(plan: PlanNode): PlanNode[] {
  return [plan, ...(plan.Plans ?? []).flatMap(nodesOf)];
}

/** Three weeks of notifications, each with its delivery; nobody is woken. */
async function fill(): Promise<void> {
  const { gateway } = operated;
  const [destination] = await gateway.query<{ id: string }>(
    `select id from destinations where merchant_id = '${MERCHANT}'`,
  );
  const stepMs = Math.floor(WEEK_MS / ROWS_A_WEEK);
  for (let first = 0; first < WEEKS * ROWS_A_WEEK; first += ROWS_A_STATEMENT) {
    const notifications: string[] = [];
    const deliveries: string[] = [];
    for (let index = first; index < first + ROWS_A_STATEMENT; index += 1) {
      const atMs = firstMs + index * stepMs;
      const id = timeOrderedId(atMs);
      const [tokenId, sequence] = [`token-${index % TOKENS}`, Math.floor(index / TOKENS) + 1];
      notifications.push(
        `('${id}', '${MERCHANT_GATEWAY}', '${MERCHANT}', '${tokenId}', ${sequence}, 'c-${index}', ${atMs})`,
      );
      deliveries.push(
        `('${timeOrderedId(atMs)}', '${id}', '${destination?.id}', '${tokenId}', ${sequence}, 'delivered', ${atMs}, ${atMs})`,
      );
    }
    await gateway.query(
      `insert into notifications (id, merchant_gateway_id, merchant_id, token_id, sequence, correlation_id, received_at_ms)
       values ${notifications.join()}`,
    );
    await gateway.query(
      `insert into deliveries (id, notification_id, destination_id, token_id, sequence, state, due_at_ms, created_at_ms)
       values ${deliveries.join()}`,
    );
  }
  if (inject('engine') === 'postgres') await gateway.query('analyze');
}
