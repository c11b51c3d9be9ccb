import { afterAll, afterEach, beforeAll, describe, expect, test, vi, type MockInstance } from 'vitest';
import { KnownClientLane } from '../../../src/auth/token-endpoint/known-client-lane.js';
import { send, type Answer } from '../../support/http.js';
import { basic, D1_CLIENT, TestGateway } from '../../support/test-gateway.js';
import { askForToken, FORM, GRANT, TOKEN_PATH, UUID, type TokenCall } from './token-call.js';

let gateway: TestGateway;
let operator: string;
let issue: MockInstance<KnownClientLane['issue']>;
const taken = (): number => issue.mock.calls.length;

beforeAll(async () => {
  gateway = await TestGateway.start({ env: { TRUSTED_PROXIES: 'loopback' } });
  issue = vi.spyOn(gateway.app.get(KnownClientLane), 'issue');
  operator = `Bearer ${await gateway.accessToken('operator')}`;
  // The first time its secret is checked.
  await askForToken(gateway);
});
afterEach(() => issue.mockClear());
afterAll(() => gateway.close());

/** The same request by both ways: a query keeps it from the lane, and means nothing. */
async function byBothWays(call: TokenCall): Promise<[fast: Answer, ordinary: Answer]> {
  issue.mockClear();
  const fast = await askForToken(gateway, call);
  expect(taken()).toBe(1);
  const ordinary = await askForToken(gateway, { ...call, path: `${TOKEN_PATH}?ordinary` });
  expect(taken()).toBe(1);
  return [fast, ordinary];
}

/** All of an answer but what time makes of it. */
function lasting({ status, headers, json }: Answer): object {
  const { date: _date, ...others } = headers;
  return { status, headers: others, body: json() };
}

describe('a known client gets before the framework the answer of the ordinary way', () => {
  test.each<[string, number, TokenCall]>([
    ['all its scopes', 200, {}],
    ['the scope it asks for', 200, { form: 'grant_type=client_credentials&scope=d1%3Anotify' }],
    [
      'with a charset, and a parameter that nobody knows',
      200,
      {
        contentType: `${FORM}; charset=utf-8`,
        form: 'a=b&grant_type=client_credentials',
      },
    ],
    ['a scope that it may not have', 400, { form: 'grant_type=client_credentials&scope=any' }],
    ['another grant', 400, { form: 'grant_type=password' }],
    ['no grant', 400, { form: '' }],
    ['a form that is too large', 400, { form: `grant_type=client_credentials&a=${'a'.repeat(100_000)}` }],
    ['no form', 400, { contentType: 'application/json', form: '{}' }],
    // With a body of bytes node sends the header as Latin-1.
    ['a form behind white space that is none in HTTP', 400, { contentType: `\u{A0}${FORM}`, form: Buffer.from(GRANT) }],
    ['no UTF-8', 400, { form: Buffer.from([0xff]) }],
  ])('%s: %i', async (_what, status, call) => {
    const [fast, ordinary] = await byBothWays(call);
    expect(fast).toMatchObject({ status });
    expect(lasting(fast)).toEqual(lasting(ordinary));
  });

  test('with a correlation id where it has sent none', async () => {
    const [fast, ordinary] = await byBothWays({ correlationId: null });
    for (const { headers } of [fast, ordinary]) expect(headers['x-correlation-id']).toMatch(UUID);
  });

  test('with the line in the log, and the count, of the ordinary way', async () => {
    const headers = { 'x-forwarded-for': '192.0.2.7' };
    const before = await grantedSoFar();
    await byBothWays({ correlationId: 'in-the-log', headers });
    const [fast, ordinary] = gateway.logLines.filter((line) => line.includes('in-the-log')).map(withoutTimes);
    expect(fast).toMatchObject({ remoteAddress: '192.0.2.7', route: TOKEN_PATH, status: 200 });
    expect(fast).toEqual(ordinary);
    expect((await grantedSoFar()) - before).toBe(2);
  });
});

describe('the ordinary way alone has', () => {
  test.each<[string, TokenCall]>([
    ['a wrong secret', { authorization: basic(D1_CLIENT, 'wrong') }],
    ['an unknown client', { authorization: basic('nobody', 'wrong') }],
    ['no credentials', { authorization: null }],
    ['another method', { method: 'GET' }],
    ['another spelling of the path', { path: '/oauth2/%74oken' }],
  ])('%s', async (_what, call) => {
    await askForToken(gateway, call);
    expect(taken()).toBe(0);
  });
});

function withoutTimes(line: string): object {
  const { time: _time, durationMs, ...rest } = JSON.parse(line) as Record<string, unknown>;
  expect(durationMs).toEqual(expect.any(Number));
  return rest;
}

async function grantedSoFar(): Promise<number> {
  const metrics = await send(gateway.url, '/metrics', { method: 'GET', headers: { authorization: operator } });
  const line = /^d1_gateway_http_requests_total\{.*oauth2\/token.*status="200".*\} (\d+)$/m.exec(metrics.body);
  return Number(line?.[1] ?? Number.NaN);
}
