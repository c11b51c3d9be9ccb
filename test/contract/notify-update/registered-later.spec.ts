import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Provisioner } from '../../../src/registry/provisioning/provisioner.js';
import { UnmatchedMatcher } from '../../../src/tokens/unmatched/unmatched-matcher.js';
import { D1_CLIENT, MERCHANT, MERCHANT_GATEWAY, TOKEN, TestGateway } from '../../support/test-gateway.js';
import { accepted, UNKNOWN_MERCHANT, UNKNOWN_TOKEN } from './answers.js';
import { notify as notifyAnyhow, notifyAs, type Notify } from './notify.js';
import { notification, NOTHING, records, unmatched, type Row } from './records.js';

const NEW_TOKEN = 'registered-later';

let gateway: TestGateway;
let notify: Notify;

beforeEach(async () => {
  gateway = await TestGateway.start();
  notify = await notifyAs(gateway);
});
afterEach(() => gateway.close());

/** As an operator would: a second provisioning file. What is recorded is then matched. */
async function provision(content: object): Promise<void> {
  const file = join(gateway.database.dataDir, 'second.json');
  await writeFile(file, JSON.stringify(content));
  await gateway.app.get(Provisioner).applyFile(file);
  await match();
}

const match = (): Promise<void> => gateway.app.get(UnmatchedMatcher).match();

const withTokens = (merchantGatewayId: string, merchantId: string, ...tokens: string[]): object => ({
  merchantGateways: [{ id: merchantGatewayId, name: 'PSP', merchants: [{ id: merchantId, name: 'Shop', tokens }] }],
});

/** What the gateway must make of an unmatched call: the same, numbered. */
function becomes(gateway: TestGateway, { id, ...call }: Row, sequence: number): { notification: Row; matched: Row } {
  const { reason: _1, notification_id: _2, matched_at_ms: _3, ...columns } = call;
  return {
    notification: { ...columns, id, sequence },
    matched: { ...call, id, notification_id: id, matched_at_ms: gateway.clock.nowMs() },
  };
}

test('calls for a token become notifications when it is registered: id, time, correlation id and payload kept', async () => {
  const first = { headers: { 'x-correlation-id': 'first', 'content-type': 'application/json' }, body: '{ "a" : 1 }' };
  expect((await notify({ tokenId: NEW_TOKEN, ...first })).status).toBe(404);
  gateway.clock.advance(60_000);
  expect(await notify({ tokenId: NEW_TOKEN })).toEqual(UNKNOWN_TOKEN);
  const before = (await records(gateway)).unmatched;
  expect(before).toMatchObject([{ correlation_id: 'first', payload: '{ "a" : 1 }' }, { payload: null }]);

  gateway.clock.advance(60_000);
  await provision(withTokens(MERCHANT_GATEWAY, MERCHANT, NEW_TOKEN));
  const after = before.map((row, index) => becomes(gateway, row, index + 1));
  expect(await records(gateway)).toEqual({
    ...NOTHING,
    notifications: after.map((row) => row.notification),
    unmatched: after.map((row) => row.matched),
  });
});

test('the number of the next notification follows', async () => {
  await notify({ tokenId: NEW_TOKEN });
  await provision(withTokens(MERCHANT_GATEWAY, MERCHANT, NEW_TOKEN));
  expect(await notify({ tokenId: NEW_TOKEN })).toEqual(accepted());
  expect((await records(gateway)).notifications).toEqual([
    notification(gateway, { token_id: NEW_TOKEN, sequence: 1 }),
    notification(gateway, { token_id: NEW_TOKEN, sequence: 2 }),
  ]);
});

test.each([
  ['merchant', MERCHANT_GATEWAY, '30610027312'],
  ['merchant gateway', 'MGW_000009', '90610027312'],
])('calls for an unknown %s are matched once it is registered with the token', async (_, id, merchantId) => {
  expect(await notify({ merchantGatewayId: id, merchantId, tokenId: NEW_TOKEN })).toEqual(UNKNOWN_MERCHANT);
  const clients = [{ clientId: D1_CLIENT, scopes: ['d1:notify'], merchantGateways: [MERCHANT_GATEWAY, id] }];
  await provision({ ...withTokens(id, merchantId), clients });
  expect((await records(gateway)).notifications).toEqual([]);
  await provision(withTokens(id, merchantId, NEW_TOKEN));
  const { notifications, unmatched: kept } = await records(gateway);
  const columns = { merchant_gateway_id: id, merchant_id: merchantId, token_id: NEW_TOKEN };
  expect(notifications).toEqual([notification(gateway, columns)]);
  expect(kept).toMatchObject([{ notification_id: notifications[0]?.id, reason: 'UNKNOWN_MERCHANT' }]);
});

test('only calls for what was registered are matched', async () => {
  await notify({ tokenId: NEW_TOKEN });
  await notify({ tokenId: 'still-unknown' });
  await notify({ merchantId: '99999999999', tokenId: NEW_TOKEN });
  await provision(withTokens(MERCHANT_GATEWAY, MERCHANT, NEW_TOKEN));
  const { notifications, unmatched: kept } = await records(gateway);
  expect(notifications).toEqual([notification(gateway, { token_id: NEW_TOKEN })]);
  expect(kept.filter((row) => row.notification_id === null)).toHaveLength(2);
});

test('matching again, or twice at once, makes no second notification', async () => {
  await notify({ tokenId: NEW_TOKEN });
  await provision(withTokens(MERCHANT_GATEWAY, MERCHANT, NEW_TOKEN));
  const once = await records(gateway);
  expect(once.notifications).toHaveLength(1);
  await Promise.all([match(), match(), provision(withTokens(MERCHANT_GATEWAY, MERCHANT, NEW_TOKEN))]);
  expect(await records(gateway)).toEqual(once);
});

test('more calls than are matched in one go are all matched, in the order in which they came', async () => {
  const correlationIds: string[] = [];
  for (let second = 0; second < 13; second += 1) {
    const batch = Array.from({ length: 50 }, () => `second-${second}`);
    await Promise.all(batch.map((id) => notify({ tokenId: NEW_TOKEN, headers: { 'x-correlation-id': id } })));
    correlationIds.push(...batch);
    gateway.clock.advance(1000);
  }
  await provision(withTokens(MERCHANT_GATEWAY, MERCHANT, NEW_TOKEN));
  const { notifications, unmatched: kept } = await records(gateway);
  expect(notifications.map(({ sequence }) => sequence)).toEqual(correlationIds.map((_, index) => index + 1));
  expect(notifications.map((row) => row.correlation_id)).toEqual(correlationIds);
  expect(kept.every((row) => row.matched_at_ms !== null)).toBe(true);
});

test('a call of a client that may not act for the merchant gateway waits until it may', async () => {
  const notifyAsOther = await notifyAs(gateway, 'other_bank');
  expect(await notifyAsOther()).toEqual(UNKNOWN_MERCHANT);
  await match();
  await provision(withTokens(MERCHANT_GATEWAY, MERCHANT, TOKEN, NEW_TOKEN));
  const row = { client_id: 'other_bank', reason: 'UNKNOWN_MERCHANT' };
  expect(await records(gateway)).toEqual({ ...NOTHING, unmatched: [unmatched(gateway, row)] });

  const clients = [
    { clientId: 'other_bank', scopes: ['d1:notify'], merchantGateways: [MERCHANT_GATEWAY, 'MGW_000002'] },
  ];
  await provision({ clients });
  expect((await records(gateway)).notifications).toEqual([notification(gateway, { client_id: 'other_bank' })]);
});

test('a client that has lost its merchant gateway meanwhile: its calls wait, too', async () => {
  expect(await notify({ tokenId: NEW_TOKEN })).toEqual(UNKNOWN_TOKEN);
  const clients = [{ clientId: D1_CLIENT, scopes: ['d1:notify'], merchantGateways: [] }];
  await provision({ ...withTokens(MERCHANT_GATEWAY, MERCHANT, NEW_TOKEN), clients });
  expect((await records(gateway)).notifications).toEqual([]);
});

test('a call that no client was known of is matched as well', async () => {
  const trusting = await TestGateway.start({
    env: { D1_AUTHENTICATION: 'trusted-network' },
    database: gateway.database,
  });
  try {
    expect(await notifyAnyhow(trusting, { tokenId: NEW_TOKEN })).toEqual(UNKNOWN_TOKEN);
  } finally {
    await trusting.close();
  }
  await provision(withTokens(MERCHANT_GATEWAY, MERCHANT, NEW_TOKEN));
  expect((await records(gateway)).notifications).toMatchObject([{ token_id: NEW_TOKEN, client_id: null, sequence: 1 }]);
});
