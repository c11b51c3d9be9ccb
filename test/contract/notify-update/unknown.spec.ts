import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { send } from '../../support/http.js';
import { MERCHANT, MERCHANT_GATEWAY, notifyPath, TestGateway } from '../../support/test-gateway.js';
import { UNKNOWN_MERCHANT, UNKNOWN_TOKEN } from './answers.js';
import { MADE_UP, notifyAs, type Notify, type NotifyCall } from './notify.js';
import { forgetRecords, NOTHING, records, unmatched, type Row } from './records.js';

const OTHER_GATEWAY = 'MGW_000002';
const OTHER_MERCHANT = '20610027312';

let gateway: TestGateway;
let notify: Notify;

beforeAll(async () => {
  gateway = await TestGateway.start();
  notify = await notifyAs(gateway);
});
afterEach(() => forgetRecords(gateway));
afterAll(() => gateway.close());

const PAYLOAD = { headers: { 'content-type': 'application/json' }, body: '{"a":1}' };

describe('404 UNKNOWN_MERCHANT, and the call is kept', () => {
  test.each<[string, NotifyCall, Row]>([
    ['an unknown merchant', { merchantId: '99999999999' }, { merchant_id: '99999999999' }],
    ['an unknown merchant gateway', { merchantGatewayId: 'MGW_000009' }, { merchant_gateway_id: 'MGW_000009' }],
    [
      "another merchant gateway's merchant, under this one",
      { merchantId: OTHER_MERCHANT, tokenId: 'other-token' },
      { merchant_id: OTHER_MERCHANT, token_id: 'other-token' },
    ],
    [
      'another merchant gateway that is there, with a token that is there',
      { merchantGatewayId: OTHER_GATEWAY, merchantId: OTHER_MERCHANT, tokenId: 'other-token' },
      { merchant_gateway_id: OTHER_GATEWAY, merchant_id: OTHER_MERCHANT, token_id: 'other-token' },
    ],
    [
      'another merchant gateway that is there, with a token that is not',
      { merchantGatewayId: OTHER_GATEWAY, merchantId: OTHER_MERCHANT, tokenId: 'unknown' },
      { merchant_gateway_id: OTHER_GATEWAY, merchant_id: OTHER_MERCHANT, token_id: 'unknown' },
    ],
  ])('%s', async (_, call, columns) => {
    expect(await notify({ ...call, ...PAYLOAD })).toEqual(UNKNOWN_MERCHANT);
    const row = unmatched(gateway, { ...columns, payload: PAYLOAD.body, reason: 'UNKNOWN_MERCHANT' });
    expect(await records(gateway)).toEqual({ ...NOTHING, unmatched: [row] });
  });

  test("a registered token, called by another merchant gateway's client", async () => {
    const notifyAsOther = await notifyAs(gateway, 'other_bank');
    expect(await notifyAsOther(PAYLOAD)).toEqual(UNKNOWN_MERCHANT);
    const row = unmatched(gateway, { client_id: 'other_bank', payload: PAYLOAD.body, reason: 'UNKNOWN_MERCHANT' });
    expect(await records(gateway)).toEqual({ ...NOTHING, unmatched: [row] });
  });

  test('whether the merchant gateway is unknown or not the own does not show, be it in a byte', async () => {
    const headers = { authorization: `Bearer ${await gateway.accessToken('other_bank')}`, 'x-correlation-id': 'same' };
    const bytesOf = async (path: string): Promise<unknown> => {
      const answer = await send(gateway.url, path, { headers });
      return [answer.status, { ...answer.headers, date: '' }, answer.body];
    };
    const registered = await bytesOf(notifyPath(MERCHANT_GATEWAY));
    expect(registered).toEqual([404, expect.objectContaining({ 'x-correlation-id': 'same' }), expect.any(String)]);
    expect(await bytesOf(notifyPath('MGW_000009'))).toEqual(registered);
    expect(await bytesOf(notifyPath(OTHER_GATEWAY, MERCHANT))).toEqual(registered);
  });
});

describe('404 UNKNOWN_TOKEN, and the call is kept', () => {
  test.each([
    ['a token that is nowhere', 'unknown'],
    ["another merchant's token", 'other-token'],
    ['a token id of 48 characters', 'a'.repeat(48)],
  ])('%s', async (_, tokenId) => {
    expect(await notify({ tokenId, ...PAYLOAD })).toEqual(UNKNOWN_TOKEN);
    const row = unmatched(gateway, { token_id: tokenId, payload: PAYLOAD.body, reason: 'UNKNOWN_TOKEN' });
    expect(await records(gateway)).toEqual({ ...NOTHING, unmatched: [row] });
  });

  test('each call is kept, with its own time and correlation id', async () => {
    const startMs = gateway.clock.nowMs();
    const first = await notify({ tokenId: 'unknown', headers: { 'x-correlation-id': null } });
    gateway.clock.advance(10);
    const second = await notify({ tokenId: 'unknown' });
    expect(first).toEqual({ ...UNKNOWN_TOKEN, headers: { ...UNKNOWN_TOKEN.headers, 'x-correlation-id': MADE_UP } });
    expect(second).toEqual(UNKNOWN_TOKEN);
    const made = (first.headers as Record<string, string>)['x-correlation-id'];
    const row = { token_id: 'unknown', reason: 'UNKNOWN_TOKEN' };
    expect(await records(gateway)).toEqual({
      ...NOTHING,
      unmatched: [
        unmatched(gateway, { ...row, correlation_id: made, received_at_ms: startMs }),
        unmatched(gateway, { ...row, received_at_ms: startMs + 10 }),
      ],
    });
  });

  test('known and unknown tokens at the same time: each call gets its own answer', async () => {
    const tokenIds = Array.from({ length: 60 }, (_, index) => (index % 3 === 0 ? undefined : `unknown-${index}`));
    const answers = await Promise.all(tokenIds.map((tokenId) => notify(tokenId === undefined ? {} : { tokenId })));
    expect(answers.map(({ status }) => status)).toEqual(tokenIds.map((tokenId) => (tokenId === undefined ? 204 : 404)));
    const { notifications, unmatched: kept } = await records(gateway);
    expect(notifications.map(({ sequence }) => sequence)).toEqual(Array.from({ length: 20 }, (_, index) => index + 1));
    expect(new Set(kept.map((row) => row.token_id))).toEqual(new Set(tokenIds.filter(Boolean)));
    expect(kept).toHaveLength(40);
  });
});
