import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { NotificationSearchRepository } from '../../../src/operations/repository/notification-search.repository.js';
import { send, type Answer } from '../../support/http.js';
import { OPERATOR, OperatedGateway } from '../../support/operated-gateway.js';
import { Receiver } from '../../support/receiver.js';
import { D1_CLIENT, MERCHANT_GATEWAY } from '../../support/test-gateway.js';

const NOBODYS = '01936a3e-7c01-7000-8000-0123456789ab';
const ROUTES: readonly ['GET' | 'POST', string][] = [
  ['GET', 'notifications'],
  ['GET', 'deliveries'],
  ['GET', `deliveries/${NOBODYS}`],
  ['POST', `deliveries/${NOBODYS}/replay`],
  ['POST', 'deliveries/replay'],
  ['GET', `reconciliation?merchantGatewayId=${MERCHANT_GATEWAY}`],
];

let receiver: Receiver;
let operated: OperatedGateway;
beforeAll(async () => {
  receiver = await Receiver.start();
  operated = await OperatedGateway.start(receiver);
});
afterAll(async () => {
  await operated.close();
  await receiver.close();
});

function expectProblem(answer: Answer, status: number, title: string, detail: string): void {
  expect(answer.json()).toEqual({ type: 'about:blank', title, status, detail });
  expect(answer.status).toBe(status);
  expect(answer.headers['content-type']).toMatch(/^application\/problem\+json/);
}

describe.each(ROUTES)('%s /operations/%s', (method, path) => {
  it('is closed without an access token', async () => {
    const answer = await send(operated.gateway.url, `/operations/${path}`, { method });

    expectProblem(answer, 401, 'Unauthorized', 'The access token is missing or not valid');
    expect(answer.headers['www-authenticate']).toBe('Bearer realm="d1-merchant-gateway", error="invalid_token"');
  });

  it('is closed to D1, which may notify only', async () => {
    const answer = await (method === 'GET' ? operated.get(path, D1_CLIENT) : operated.post(path, {}, D1_CLIENT));

    expectProblem(answer, 401, 'Unauthorized', 'The access token is missing or not valid');
    expect(answer.headers['www-authenticate']).toBe('Bearer realm="d1-merchant-gateway", error="insufficient_scope"');
  });
});

const LIMIT = 'limit must be a whole number from 1 to 500';
const CURSOR = 'cursor is not one that a page has given';
const INSTANT = 'must be a date and time with its offset, as 2026-11-23T14:00:00Z';
const QUERIES: readonly [string, string][] = [
  ['notifications?merchantid=10610027312', 'merchantid is not known'],
  ['notifications?state=dead', 'state is not known'],
  ['notifications?limit=0', LIMIT],
  ['notifications?limit=501', LIMIT],
  ['notifications?limit=1.5', LIMIT],
  ['notifications?limit=', LIMIT],
  ['notifications?limit=1&limit=2', LIMIT],
  ['notifications?cursor=AAAA', CURSOR],
  ['notifications?cursor=AZNqPnwAcACAAAEjRWeJq1', CURSOR],
  ['notifications?merchantGatewayId=MGW', 'merchantGatewayId is not in the expected format'],
  ['notifications?tokenId=a&tokenId=b', 'tokenId is not in the expected format'],
  ['notifications?tokenId=', 'tokenId is not in the expected format'],
  ['notifications?receivedFrom=yesterday', `receivedFrom ${INSTANT}`],
  ['notifications?receivedTo=2026-02-30T00:00:00Z', `receivedTo ${INSTANT}`],
  ['notifications?receivedTo=2026-02-20T00:00:00', `receivedTo ${INSTANT}`],
  ['notifications?receivedTo=2026-02-20T25:00:00Z', `receivedTo ${INSTANT}`],
  ['deliveries?state=lost', 'state is not one of pending, delivered, dead, cancelled'],
  ['deliveries?notificationId=1', 'notificationId is not in the expected format'],
  ['deliveries?destination=a%20b', 'destination is not in the expected format'],
  ['deliveries?correlationId=%27', 'correlationId is not in the expected format'],
  [`deliveries/${NOBODYS}?verbose=1`, 'verbose is not known'],
  ['reconciliation', 'merchantGatewayId is not in the expected format'],
  ['reconciliation?merchantGatewayId=MGW_000001&since=1', 'since is not known'],
];

it.each(QUERIES)('refuses GET %s', async (path, detail) => {
  expectProblem(await operated.get(path), 400, 'Bad Request', detail);
});

it.each([`deliveries/${NOBODYS}/replay`, 'deliveries/replay'])('refuses POST %s with a query', async (path) => {
  expectProblem(await operated.post(`${path}?state=dead`), 400, 'Bad Request', 'state is not known');
});

const BODIES: readonly [object, string][] = [
  [[], 'body is not a JSON object'],
  [{}, 'merchantGatewayId is not in the expected format'],
  [{ merchantGatewayId: MERCHANT_GATEWAY }, 'state is not one of dead, cancelled, delivered'],
  [{ merchantGatewayId: MERCHANT_GATEWAY, state: 'pending' }, 'state is not one of dead, cancelled, delivered'],
  [{ merchantGatewayId: MERCHANT_GATEWAY, state: 'dead', limit: 1 }, 'limit is not known'],
  [
    { merchantGatewayId: MERCHANT_GATEWAY, state: 'dead', merchantId: null },
    'merchantId is not in the expected format',
  ],
  [{ merchantGatewayId: MERCHANT_GATEWAY, state: 'dead', createdFrom: 1 }, `createdFrom ${INSTANT}`],
];

it.each(BODIES)('refuses POST deliveries/replay with %j', async (body, detail) => {
  expectProblem(await operated.post('deliveries/replay', body), 400, 'Bad Request', detail);
});

it.each([
  ['no JSON', 'application/json', '{', 'body is not a JSON object'],
  ['no UTF-8', 'application/json', Buffer.from([0x22, 0xff, 0x22]), 'body is not a JSON object'],
  ['another type', 'text/plain', '{}', 'Content-Type is not application/json'],
  ['too much', 'application/json', ' '.repeat(20_000), 'body is larger than 16384 bytes'],
])('refuses POST deliveries/replay with %s', async (_what, contentType, body, detail) => {
  const authorization = `Bearer ${await operated.gateway.accessToken(OPERATOR)}`;
  const headers = { authorization, 'content-type': contentType };

  const answer = await send(operated.gateway.url, '/operations/deliveries/replay', { headers, body });

  expectProblem(answer, 400, 'Bad Request', detail);
});

it.each([NOBODYS, 'x', '%00', '%ff'])('knows no delivery %s', async (id) => {
  expectProblem(await operated.get(`deliveries/${id}`), 404, 'Not Found', 'There is no such delivery');
  expectProblem(await operated.post(`deliveries/${id}/replay`), 404, 'Not Found', 'There is no such delivery');
});

it('answers 503, and when to come again, for what nobody foresaw', async () => {
  const failing = await OperatedGateway.start(receiver, {
    customise: (builder) =>
      builder.overrideProvider(NotificationSearchRepository).useValue({
        find: () => Promise.reject(new Error('a secret detail')),
      }),
  });

  const answer = await failing.get('notifications');
  await failing.close();

  expectProblem(answer, 503, 'Service Unavailable', 'Not able to answer now');
  expect(answer.headers['retry-after']).toBe(String(failing.gateway.config.server.retryAfterSeconds));
});
