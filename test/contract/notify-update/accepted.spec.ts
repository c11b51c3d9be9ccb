import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { send } from '../../support/http.js';
import { MERCHANT_GATEWAY, notifyPath, TestGateway } from '../../support/test-gateway.js';
import { accepted } from './answers.js';
import { CORRELATION_ID, MADE_UP, notifyAs, type Notify } from './notify.js';
import { forgetRecords, notification, NOTHING, records } from './records.js';

let gateway: TestGateway;
let notify: Notify;

beforeAll(async () => {
  gateway = await TestGateway.start();
  notify = await notifyAs(gateway);
});
afterEach(() => forgetRecords(gateway));
afterAll(() => gateway.close());

test('a notification is on disk with all that is known of it when D1 sees 204', async () => {
  const answer = await notify({ headers: { 'content-type': 'application/json' }, body: '{"reason":"renewed"}' });
  expect(answer).toEqual(accepted());
  expect(await records(gateway)).toEqual({
    ...NOTHING,
    notifications: [notification(gateway, { payload: '{"reason":"renewed"}', sequence: 1 })],
  });
});

test('204 has no body, nor headers that speak of one', async () => {
  const { headers, body } = await send(gateway.url, notifyPath(), {
    headers: { authorization: `Bearer ${await gateway.accessToken()}` },
  });
  expect(body).toBe('');
  expect(headers).not.toHaveProperty('content-length');
  expect(headers).not.toHaveProperty('content-type');
  expect(headers).not.toHaveProperty('transfer-encoding');
});

test.each(['/', '//'])('a base URL that ends in %s leads here, too', async (end) => {
  expect(await notify({ path: `${end}${notifyPath()}` })).toEqual(accepted());
  expect(await records(gateway)).toEqual({ ...NOTHING, notifications: [notification(gateway)] });
});

test('notifications are numbered in the order of their 204s, with the time of each', async () => {
  const startMs = gateway.clock.nowMs();
  for (const correlationId of ['first', 'second', 'third']) {
    expect(await notify({ headers: { 'x-correlation-id': correlationId } })).toEqual(accepted(correlationId));
    gateway.clock.advance(1000);
  }
  const rows = [
    { correlation_id: 'first', sequence: 1, received_at_ms: startMs },
    { correlation_id: 'second', sequence: 2, received_at_ms: startMs + 1000 },
    { correlation_id: 'third', sequence: 3, received_at_ms: startMs + 2000 },
  ];
  expect(await records(gateway)).toEqual({ ...NOTHING, notifications: rows.map((row) => notification(gateway, row)) });
});

test('calls for one token at the same time each get a number of their own, without a gap', async () => {
  const correlationIds = Array.from({ length: 200 }, (_, index) => `call-${index}`);
  const answers = await Promise.all(
    correlationIds.map((correlationId) => notify({ headers: { 'x-correlation-id': correlationId } })),
  );
  expect(answers).toEqual(correlationIds.map((correlationId) => accepted(correlationId)));
  const { notifications, ...others } = await records(gateway);
  expect(others).toEqual({ unmatched: [], failed: [] });
  expect(notifications.map(({ sequence }) => sequence)).toEqual(correlationIds.map((_, index) => index + 1));
  expect(new Set(notifications.map((row) => row.correlation_id))).toEqual(new Set(correlationIds));
  expect(new Set(notifications.map(({ id }) => id)).size).toBe(200);
});

test('one sequence numbers the notifications of all tokens, and the client that called is kept', async () => {
  const other = { merchantGatewayId: 'MGW_000002', merchantId: '20610027312', tokenId: 'other-token' };
  const notifyAsOther = await notifyAs(gateway, 'other_bank');
  const calls = [notify(), notifyAsOther(other), notify(), notifyAsOther(other)];
  expect(await Promise.all(calls)).toEqual(calls.map(() => accepted()));
  const others = {
    merchant_gateway_id: other.merchantGatewayId,
    merchant_id: other.merchantId,
    token_id: other.tokenId,
    client_id: 'other_bank',
  };
  const sequence = expect.any(Number) as number;
  const found = await records(gateway);
  expect(found).toEqual({
    ...NOTHING,
    notifications: [
      notification(gateway, { sequence }),
      notification(gateway, { sequence }),
      notification(gateway, { ...others, sequence }),
      notification(gateway, { ...others, sequence }),
    ],
  });
  expect(new Set(found.notifications.map((row) => row.sequence))).toEqual(new Set([1, 2, 3, 4]));
});

test('the same correlation id twice means two notifications: it identifies nothing', async () => {
  expect(await notify()).toEqual(accepted());
  expect(await notify()).toEqual(accepted());
  const { notifications } = await records(gateway);
  expect(notifications).toEqual([notification(gateway, { sequence: 1 }), notification(gateway, { sequence: 2 })]);
  expect(notifications[0]?.id).not.toBe(notifications[1]?.id);
});

test('without a correlation id one is made up: the one that is echoed is the one that is kept', async () => {
  const first = await notify({ headers: { 'x-correlation-id': null } });
  const second = await notify({ headers: { 'x-correlation-id': null } });
  expect([first, second]).toEqual([accepted(MADE_UP), accepted(MADE_UP)]);
  const echoed = [first, second].map(({ headers }) => (headers as Record<string, string>)['x-correlation-id']);
  expect(echoed[0]).not.toBe(echoed[1]);
  expect((await records(gateway)).notifications).toEqual([
    notification(gateway, { correlation_id: echoed[0], sequence: 1 }),
    notification(gateway, { correlation_id: echoed[1], sequence: 2 }),
  ]);
});

test.each([
  ['parameters that nobody knows', `${notifyPath()}?version=2&x-correlation-id=other&merchantId=99999999999`],
  ['broken percent-encoding in the query', `${notifyPath()}?a=%ZZ&b=%`],
  ['an empty query', `${notifyPath()}?`],
  ['ids that are percent-encoded', notifyPath('MGW%5F000001', '%3106%310027312')],
  ['an absolute URL (RFC 9112, section 3.2.2)', `http://d1.example${notifyPath()}`],
])('%s in the URL make no difference', async (_, path) => {
  expect(await notify({ path })).toEqual(accepted());
  expect(await records(gateway)).toEqual({ ...NOTHING, notifications: [notification(gateway)] });
});

test.each([
  ['Expect with a value that nobody knows', { expect: '200-maybe' }],
  ['Expect: 100-continue', { expect: '100-continue' }],
  ['an upgrade that nobody offers', { connection: 'upgrade', upgrade: 'h2c' }],
  ['a version of the API', { 'accept-version': '9.x' }],
  ['a type of answer that there is not', { accept: 'text/html' }],
  ['another method by header', { 'x-http-method-override': 'DELETE' }],
  ['ids by header', { merchantgatewayid: 'MGW_000002', 'x-merchant-id': MERCHANT_GATEWAY }],
])('what is unknown is ignored: %s', async (_, headers) => {
  expect(await notify({ headers })).toEqual(accepted());
  expect(await records(gateway)).toEqual({
    ...NOTHING,
    notifications: [notification(gateway, { correlation_id: CORRELATION_ID })],
  });
});
