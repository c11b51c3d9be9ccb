import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { D1_CLIENT, TestGateway } from '../../support/test-gateway.js';
import { badFormat, offPattern, UNKNOWN_MERCHANT, UNKNOWN_TOKEN, unauthorized } from './answers.js';
import { MADE_UP, notify, notifyAs, type Notify, type NotifyCall } from './notify.js';
import { forgetRecords, NOTHING, records } from './records.js';

let gateway: TestGateway;
let notifyAsD1: Notify;

beforeAll(async () => {
  gateway = await TestGateway.start();
  notifyAsD1 = await notifyAs(gateway, D1_CLIENT);
});
afterEach(() => forgetRecords(gateway));
afterAll(() => gateway.close());

const JSON_TYPE = { 'content-type': 'application/json' };
const ONE_MIB = Buffer.alloc(1024 * 1024, 'x');

/** Everything is wrong that can be. */
const ALL_WRONG: NotifyCall = {
  merchantGatewayId: '%ZZ',
  merchantId: '',
  tokenId: 'a'.repeat(10_000),
  headers: JSON_TYPE,
  body: ONE_MIB,
};

test.each([
  ['no access token', { authorization: null }],
  ['no access token, and the body in chunks', { authorization: null, 'transfer-encoding': 'chunked' }],
  ['a bad access token', { authorization: 'Bearer bad' }],
])('401 comes before all else: %s', async (_, headers) => {
  expect(await notify(gateway, { ...ALL_WRONG, headers: { ...JSON_TYPE, ...headers } })).toEqual(unauthorized());
  expect(await notify(gateway, { merchantId: '99999999999', headers })).toEqual(unauthorized());
  expect(await records(gateway)).toEqual(NOTHING);
});

test('the wrong scope comes before all else, too', async () => {
  const notifyAsOperator = await notifyAs(gateway, 'operator');
  expect(await notifyAsOperator(ALL_WRONG)).toEqual(unauthorized('insufficient_scope'));
  expect(await notifyAsOperator({ tokenId: 'unknown' })).toEqual(unauthorized('insufficient_scope'));
  expect(await records(gateway)).toEqual(NOTHING);
});

test('of several fields at fault the first is named: the ids in their order, the header, the body', async () => {
  const badHeader = { 'x-correlation-id': 'a b', ...JSON_TYPE };
  const wrong = { merchantGatewayId: 'short', merchantId: 'short', tokenId: 'not*', headers: badHeader, body: '{' };
  const { merchantGatewayId: _1, ...withRightGateway } = wrong;
  const { merchantId: _2, ...withRightMerchant } = withRightGateway;
  const { tokenId: _3, ...withRightIds } = withRightMerchant;
  expect(await notifyAsD1(wrong)).toEqual(offPattern('merchantGatewayId', MADE_UP));
  expect(await notifyAsD1(withRightGateway)).toEqual(offPattern('merchantId', MADE_UP));
  expect(await notifyAsD1(withRightMerchant)).toEqual(offPattern('tokenId', MADE_UP));
  expect(await notifyAsD1(withRightIds)).toEqual(offPattern('x-correlation-id', MADE_UP));
  expect(await notifyAsD1({ headers: JSON_TYPE, body: '{' })).toEqual(badFormat('body is not well-formed JSON'));
  expect(await records(gateway)).toEqual(NOTHING);
});

test.each<[string, NotifyCall]>([
  ['the merchant gateway', { merchantGatewayId: 'MGW_000009' }],
  ['the merchant', { merchantId: '99999999999' }],
  ['the token', { tokenId: 'unknown' }],
])('400 comes before 404, and such a call is not recorded as unmatched: %s is unknown', async (_, unknown) => {
  const badHeader = { 'x-correlation-id': 'a b' };
  expect(await notifyAsD1({ ...unknown, headers: badHeader })).toEqual(offPattern('x-correlation-id', MADE_UP));
  const badBody = { headers: JSON_TYPE, body: '{' };
  expect(await notifyAsD1({ ...unknown, ...badBody })).toEqual(badFormat('body is not well-formed JSON'));
  const largeBody = { headers: JSON_TYPE, body: ONE_MIB };
  expect(await notifyAsD1({ ...unknown, ...largeBody })).toEqual(badFormat('body is larger than 65536 bytes'));
  expect(await records(gateway)).toEqual(NOTHING);
});

test('400 comes before 404: one id is off its pattern, another is unknown', async () => {
  expect(await notifyAsD1({ merchantGatewayId: 'MGW_000009', tokenId: 'not*' })).toEqual(offPattern('tokenId'));
  expect(await notifyAsD1({ merchantId: 'short', tokenId: 'unknown' })).toEqual(offPattern('merchantId'));
  expect(await records(gateway)).toEqual(NOTHING);
});

test('the unknown merchant comes before the unknown token', async () => {
  expect(await notifyAsD1({ merchantId: '99999999999', tokenId: 'unknown' })).toEqual(UNKNOWN_MERCHANT);
  expect(await notifyAsD1({ merchantGatewayId: 'MGW_000009', tokenId: 'unknown' })).toEqual(UNKNOWN_MERCHANT);
  expect(await notifyAsD1({ tokenId: 'unknown' })).toEqual(UNKNOWN_TOKEN);
});
