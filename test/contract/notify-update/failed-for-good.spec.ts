import { afterEach, beforeEach, expect, inject, test } from 'vitest';
import { holdLock } from '../../support/held-lock.js';
import { send } from '../../support/http.js';
import { MERCHANT, PROVISION, TestGateway } from '../../support/test-gateway.js';
import { accepted, internalError, unavailable } from './answers.js';
import { notifyAs, type Notify } from './notify.js';
import { failed, notification, NOTHING, records } from './records.js';

const POISON = 'poison';
const CAUSE = 'this row cannot be';
const GOOD = Array.from({ length: 40 }, (_, index) => `good-${index}`);

let gateway: TestGateway;
let notify: Notify;

beforeEach(async () => {
  const [ours] = PROVISION.merchantGateways;
  const merchants = [{ id: MERCHANT, name: 'Shop', tokens: [POISON, ...GOOD] }];
  gateway = await TestGateway.start({
    provision: { ...PROVISION, merchantGateways: [{ ...ours, merchants }, PROVISION.merchantGateways[1]] },
  });
  notify = await notifyAs(gateway);
  await refuseRows('notifications');
});
afterEach(() => gateway.close());

/** The database itself refuses every row for one token, and will tomorrow. */
async function refuseRows(table: string): Promise<void> {
  if (inject('engine') === 'sqlite') {
    await gateway.query(
      `create trigger refuse_${table} before insert on ${table} when new.token_id = '${POISON}'
       begin select raise(abort, '${CAUSE}'); end`,
    );
    return;
  }
  await gateway.query(
    `create function refuse_${table}() returns trigger language plpgsql as $$
     begin raise exception '${CAUSE}' using errcode = '23514'; end $$`,
  );
  await gateway.query(
    `create trigger refuse before insert on ${table} for each row
     when (new.token_id = '${POISON}') execute function refuse_${table}()`,
  );
}

test('a call that can never be recorded: 500 INTERNAL_ERROR, and it is kept with its cause', async () => {
  const headers = { 'content-type': 'application/json' };
  expect(await notify({ tokenId: POISON, headers, body: '{"a":1}' })).toEqual(internalError());
  const row = failed(gateway, { token_id: POISON, payload: '{"a":1}', cause: CAUSE });
  expect(await records(gateway)).toEqual({ ...NOTHING, failed: [row] });
});

test('in a batch it does not spoil its neighbours: they get 204 and are recorded, once each', async () => {
  // While the lock is held the calls gather, and so share a batch.
  const lock = await holdLock(gateway);
  const tokenIds = [...GOOD.slice(0, 20), POISON, ...GOOD.slice(20)];
  const calls = tokenIds.map((tokenId) => notify({ tokenId, headers: { 'x-correlation-id': `for-${tokenId}` } }));
  await send(gateway.url, '/health/live', { method: 'GET' });
  await lock.release();

  const answers = await Promise.all(calls);
  const expected = tokenIds.map((id) => (id === POISON ? internalError(`for-${id}`) : accepted(`for-${id}`)));
  expect(answers).toEqual(expected);
  const sequence = expect.any(Number) as number;
  const good = [...GOOD].sort();
  expect(await records(gateway)).toEqual({
    notifications: good.map((id) => notification(gateway, { token_id: id, correlation_id: `for-${id}`, sequence })),
    unmatched: [],
    failed: [failed(gateway, { token_id: POISON, correlation_id: `for-${POISON}`, cause: CAUSE })],
  });
});

test('mended, the token is taken as any other', async () => {
  expect(await notify({ tokenId: POISON })).toEqual(internalError());
  expect(await notify({ tokenId: POISON })).toEqual(internalError());
  await gateway.query(
    `drop trigger ${inject('engine') === 'sqlite' ? 'refuse_notifications' : 'refuse on notifications'}`,
  );
  expect(await notify({ tokenId: POISON })).toEqual(accepted());
  const { notifications, failed: kept } = await records(gateway);
  const sequence = expect.any(Number) as number;
  expect(notifications).toEqual([notification(gateway, { token_id: POISON, sequence })]);
  expect(kept).toHaveLength(2);
});

test('where not even that can be kept, D1 is not told to give up: 503', async () => {
  await refuseRows('failed_notifications');
  expect(await notify({ tokenId: POISON })).toEqual(unavailable());
  expect(await notify({ tokenId: GOOD[0] ?? '' })).toEqual(accepted());
  expect((await records(gateway)).failed).toEqual([]);
});
