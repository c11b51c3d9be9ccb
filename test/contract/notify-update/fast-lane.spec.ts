import { afterAll, afterEach, beforeAll, describe, expect, test, vi, type MockInstance } from 'vitest';
import { FastLane } from '../../../src/tokens/fast-lane/fast-lane.js';
import { NotificationRelay } from '../../../src/tokens/relay/notification-relay.js';
import { send, type Answer } from '../../support/http.js';
import { notifyPath, TestGateway } from '../../support/test-gateway.js';
import { notifyAs, type Notify, type NotifyCall } from './notify.js';
import { records } from './records.js';

const REFUSED_MERCHANT = '20610027312';
const REFUSED = { merchantGatewayId: 'MGW_000002', merchantId: REFUSED_MERCHANT, tokenId: 'other-token' };

let gateway: TestGateway;
let notify: Notify;
let notifyAsOther: Notify;
const taken = (): number => accept.mock.calls.length;
let accept: MockInstance<FastLane['accept']>;

beforeAll(async () => {
  gateway = await TestGateway.start({
    env: { TRUSTED_PROXIES: 'loopback' },
    customise: (builder) =>
      builder.overrideProvider(NotificationRelay).useValue({
        relay: ({ merchantId }: { merchantId: string }) =>
          merchantId === REFUSED_MERCHANT ? { kind: 'refused', reason: 'any' } : { kind: 'accepted' },
      }),
  });
  notify = await notifyAs(gateway);
  notifyAsOther = await notifyAs(gateway, 'other_bank');
  accept = vi.spyOn(gateway.app.get(FastLane), 'accept');
  // The first call with an access token checks its signature.
  await notify();
  await notifyAsOther(REFUSED);
});
afterEach(() => accept.mockClear());
afterAll(() => gateway.close());

/** The same call by both ways: a query keeps it from the fast lane, and means nothing. */
async function byBothWays(call: NotifyCall, as: Notify = notify): Promise<[fast: unknown, ordinary: unknown]> {
  const { merchantGatewayId, merchantId, tokenId } = call;
  const path = notifyPath(merchantGatewayId, merchantId, tokenId);
  const fast = await as(call);
  expect(taken()).toBe(1);
  const ordinary = await as({ ...call, path: `${path}?ordinary` });
  expect(taken()).toBe(1);
  return [fast, ordinary];
}

describe('an ordinary call gets on the fast lane the answer of the ordinary way', () => {
  test.each<[string, number, NotifyCall]>([
    ['accepted', 204, {}],
    ['an unknown token', 404, { tokenId: 'unknown' }],
    ['an unknown merchant', 404, { merchantId: '99999999999' }],
    ['a merchant gateway of others', 404, { merchantGatewayId: 'MGW_000002' }],
    ['ids and a correlation id as long as they may be', 404, { tokenId: 'x'.repeat(48), headers: correlation(64) }],
  ])('%s: %i', async (_what, status, call) => {
    const [fast, ordinary] = await byBothWays(call);
    expect(fast).toMatchObject({ status });
    expect(fast).toEqual(ordinary);
  });

  test('refused by a merchant on relay: 500', async () => {
    const [fast, ordinary] = await byBothWays(REFUSED, notifyAsOther);
    expect(fast).toMatchObject({ status: 500, body: { errorCode: 'MERCHANT_ERROR' } });
    expect(fast).toEqual(ordinary);
  });

  test('and is recorded once, whatever the answer', async () => {
    const before = await records(gateway);
    await notify({ tokenId: 'once' });
    await notifyAsOther(REFUSED);
    const after = await records(gateway);
    expect(after.unmatched.length - before.unmatched.length).toBe(1);
    expect(after.notifications.length - before.notifications.length).toBe(1);
  });

  test('with the line in the log, and the count, of the ordinary way', async () => {
    const headers = { 'x-correlation-id': 'in-the-log', 'x-forwarded-for': '192.0.2.7' };
    const before = await accepted();
    await byBothWays({ headers });
    const [fast, ordinary] = gateway.logLines.filter((line) => line.includes('in-the-log')).map(withoutTimes);
    expect(fast).toMatchObject({ remoteAddress: '192.0.2.7', clientId: 'is_tbank01', status: 204 });
    expect(fast).toEqual(ordinary);
    expect((await accepted()) - before).toBe(2);
  });
});

describe('the ordinary way alone has', () => {
  test.each<[string, NotifyCall]>([
    ['no access token', { headers: { authorization: null } }],
    ['one that is wrong', { headers: { authorization: 'Bearer x.y.z' } }],
    ['no correlation id', { headers: { 'x-correlation-id': null } }],
    ['one off its pattern', { headers: { 'x-correlation-id': 'a b' } }],
    ['two of them', { headers: { 'x-correlation-id': ['a', 'b'] } }],
    ['an id off its pattern', { tokenId: 'not*' }],
    ['an id that is encoded', { path: notifyPath().replace('MGW', '%4DGW') }],
    ['a body', { headers: { 'content-type': 'application/json' }, body: '{}' }],
    ['another method', { method: 'GET' }],
  ])('%s', async (_what, call) => {
    await notify(call);
    expect(taken()).toBe(0);
  });
});

const correlation = (length: number): Record<string, string> => ({ 'x-correlation-id': 'c'.repeat(length) });

function withoutTimes(line: string): object {
  const { time: _time, durationMs, ...rest } = JSON.parse(line) as Record<string, unknown>;
  expect(durationMs).toEqual(expect.any(Number));
  return rest;
}

async function accepted(): Promise<number> {
  const headers = { authorization: `Bearer ${await gateway.accessToken('operator')}` };
  const metrics: Answer = await send(gateway.url, '/metrics', { method: 'GET', headers });
  const line = /^d1_gateway_http_requests_total\{.*notify-update.*status="204".*\} (\d+)$/m.exec(metrics.body);
  return Number(line?.[1] ?? Number.NaN);
}
