import { CORRELATION_ID } from '@gateway/d1-contract';
import {
  type NotificationAnswer,
  type NotificationTarget,
  RunFailedError,
  runNotifications,
  type RunOptions,
} from '@gateway/d1-simulator';
import { describe, expect, it } from 'vitest';
import { FakeClock } from './fake-clock.js';
import { accept, type Answer, drop, hang, inTurn, refuse, ScriptedGateway } from './scripted-gateway.js';

const CREDENTIALS = { clientId: 'is_tbank01', clientSecret: '123' };
const targetOf = (tokenId: string): NotificationTarget => ({
  merchantGatewayId: 'MGW_000001',
  merchantId: '10610027312',
  tokenId,
});

async function setUp(notification: Answer = accept, accessToken?: Answer) {
  const gateway = await ScriptedGateway.start({ notification, accessToken });
  const clock = new FakeClock();
  const run = (options: Partial<RunOptions> = {}) =>
    runNotifications({ baseUrl: gateway.baseUrl, targets: [targetOf('card-1')], count: 1, clock, ...options });
  return { gateway, clock, run, [Symbol.asyncDispose]: () => gateway[Symbol.asyncDispose]() };
}

describe('a notification', () => {
  it('has a bearer token, a correlation id of its own and no body', async () => {
    await using it = await setUp();
    await it.run({ credentials: CREDENTIALS, count: 2 });
    expect(it.gateway.notifications).toHaveLength(2);
    for (const { method, path, headers, body } of it.gateway.notifications) {
      expect({ method, path, body }).toEqual({
        method: 'POST',
        path: '/merchant-gateways/MGW_000001/merchants/10610027312/tokens/card-1/notify-update',
        body: '',
      });
      expect(headers).toMatchObject({
        authorization: 'Bearer access-token-1',
        'x-correlation-id': expect.stringMatching(CORRELATION_ID.pattern),
      });
      expect(headers).not.toHaveProperty('content-type');
    }
    expect(new Set(it.gateway.notifications.map(({ headers }) => headers['x-correlation-id'])).size).toBe(2);
  });

  it('carries no bearer token without credentials, and the payload if there is one', async () => {
    await using it = await setUp();
    await it.run({ payload: '{"reason":"renewed"}' });
    expect(it.gateway.notifications[0]).toMatchObject({
      headers: { 'content-type': 'application/json' },
      body: '{"reason":"renewed"}',
    });
    expect(it.gateway.notifications[0]?.headers).not.toHaveProperty('authorization');
    expect(it.gateway.accessTokenRequests).toEqual([]);
  });

  it('goes under the path of the base URL', async () => {
    await using it = await setUp();
    await it.run({ baseUrl: `${it.gateway.baseUrl}/d1/` });
    expect(it.gateway.notifications[0]?.path).toMatch(/^\/d1\/merchant-gateways\//);
  });
});

describe('answers', () => {
  it.each([400, 401, 404, 413, 500])('%i is final', async (status) => {
    await using it = await setUp(refuse(status, { errorCode: 'SOME_CODE', error: 'some text' }));
    const answers: NotificationAnswer[] = [];
    const result = await it.run({ onAnswer: (answer) => answers.push(answer) });
    expect(result).toMatchObject({ answersByStatus: { [status]: 1 }, retries: 0, acceptedCorrelationIds: [] });
    expect(answers).toMatchObject([{ status, attempts: 1, detail: 'SOME_CODE: some text' }]);
    expect(it.gateway.notifications).toHaveLength(1);
  });

  it('503 is tried again, no sooner than Retry-After, with the same correlation id', async () => {
    await using it = await setUp(inTurn(refuse(503, {}, { 'retry-after': '3' }), accept));
    const result = await it.run();
    expect(result).toMatchObject({ answersByStatus: { 204: 1 }, retries: 1, connectionFailures: 0 });
    expect(it.clock.waitsMs).toHaveLength(1);
    expect(it.clock.waitsMs[0]).toBeGreaterThanOrEqual(3_000);
    expect(it.gateway.notifications.map(({ headers }) => headers['x-correlation-id'])).toEqual([
      result.acceptedCorrelationIds[0],
      result.acceptedCorrelationIds[0],
    ]);
  });

  it('Retry-After may be a date, and is cut to its bound', async () => {
    await using it = await setUp(refuse(503, {}, { 'retry-after': 'Mon, 23 Nov 2026 12:00:05 GMT' }));
    await it.run({ retry: { maxAttempts: 2 } });
    expect(it.clock.waitsMs[0]).toBeGreaterThanOrEqual(5_000);
    await it.run({ retry: { maxAttempts: 2, maxRetryAfterMs: 1_000 }, clock: it.clock });
    expect(it.clock.waitsMs[1]).toBeLessThan(1_200);
  });

  it('503 to the last attempt counts as 503', async () => {
    await using it = await setUp(refuse(503));
    expect(await it.run({ retry: { maxAttempts: 3 } })).toMatchObject({ answersByStatus: { 503: 1 }, retries: 2 });
  });

  it('a lost connection is tried again', async () => {
    await using it = await setUp(inTurn(drop, drop, accept));
    expect(await it.run()).toMatchObject({ answersByStatus: { 204: 1 }, retries: 2, connectionFailures: 2 });
  });

  it('a gateway that hangs is given up after its time-outs', async () => {
    await using it = await setUp(hang);
    const answers: NotificationAnswer[] = [];
    const result = await it.run({
      timeoutMs: 20,
      retry: { maxAttempts: 2 },
      onAnswer: (answer) => answers.push(answer),
    });
    expect(result).toMatchObject({ finished: 1, answersByStatus: {}, unanswered: 1, connectionFailures: 2 });
    expect(answers).toMatchObject([{ status: undefined, attempts: 2, detail: 'no answer within 20 ms' }]);
  });
});

describe('access tokens over a run', () => {
  it('one serves all', async () => {
    await using it = await setUp();
    const result = await it.run({ credentials: CREDENTIALS, count: 40, concurrency: 8 });
    expect(result).toMatchObject({ answersByStatus: { 204: 40 }, accessTokensFetched: 1 });
  });

  it('a 401 costs that notification; the next has a new one', async () => {
    const revoked: Answer = (response, request) =>
      (request.headers.authorization === 'Bearer access-token-1' ? refuse(401) : accept)(response, request);
    await using it = await setUp(revoked);
    const result = await it.run({ credentials: CREDENTIALS, count: 3 });
    expect(result).toMatchObject({ answersByStatus: { 401: 1, 204: 2 }, retries: 0, accessTokensFetched: 2 });
  });

  it('refused credentials end the run', async () => {
    await using it = await setUp(accept, refuse(401, { error: 'invalid_client' }));
    const error = await it.run({ credentials: CREDENTIALS, count: 100, concurrency: 8 }).catch((reason) => reason);
    expect(error).toBeInstanceOf(RunFailedError);
    expect(error).toMatchObject({
      message: 'No access token for client is_tbank01 from /oauth2/token: 401 (invalid_client)',
      cause: { kind: 'refused', status: 401 },
      result: { requested: 100, finished: 0 },
    });
    expect(it.gateway.notifications).toEqual([]);
  });
});

describe('a run', () => {
  it('takes the targets in turn', async () => {
    await using it = await setUp();
    await it.run({ targets: [targetOf('a'), targetOf('b'), targetOf('c')], count: 5 });
    expect(it.gateway.notifications.map(({ path }) => path.split('/')[6])).toEqual(['a', 'b', 'c', 'a', 'b']);
  });

  it('keeps as many requests going as it is told, and no more', async () => {
    let atOnce = 0;
    let most = 0;
    const waiting: (() => void)[] = [];
    const answerInFours: Answer = (response) => {
      most = Math.max(most, ++atOnce);
      waiting.push(() => void response.writeHead(204).end());
      if (waiting.length < 4) return;
      atOnce = 0;
      for (const answer of waiting.splice(0)) answer();
    };
    await using it = await setUp(answerInFours);
    expect(await it.run({ count: 20, concurrency: 4 })).toMatchObject({ answersByStatus: { 204: 20 } });
    expect(most).toBe(4);
  });

  it('reports each accepted correlation id as it comes, and its latencies', async () => {
    await using it = await setUp(inTurn(accept, refuse(404), accept));
    const accepted: string[] = [];
    const result = await it.run({
      count: 3,
      onAnswer: ({ status, correlationId }) => void (status === 204 && accepted.push(correlationId)),
    });
    expect(accepted).toHaveLength(2);
    expect(result.acceptedCorrelationIds).toEqual(accepted);
    const { p50, p95, p99, p999, max } = result.latencyMs;
    expect([p50, p95, p99, p999, max]).toEqual([p50, p95, p99, p999, max].toSorted((a, b) => a - b));
    expect(p50).toBeGreaterThan(0);
    expect(result.notificationsPerSecond).toBeCloseTo(3 / (result.durationMs / 1000));
  });

  it('ends when it is aborted, with what is in flight unfinished', async () => {
    const controller = new AbortController();
    await using it = await setUp(inTurn(accept, () => controller.abort()));
    const result = await it.run({ count: 10, signal: controller.signal });
    expect(result).toMatchObject({ requested: 10, finished: 1, answersByStatus: { 204: 1 }, connectionFailures: 0 });
  });

  it('sends nothing if it is aborted before', async () => {
    await using it = await setUp();
    expect(await it.run({ signal: AbortSignal.abort() })).toMatchObject({ requested: 1, finished: 0 });
    expect(it.gateway.notifications).toEqual([]);
  });

  it.each([
    ['no targets', { targets: [] }],
    ['a broken count', { count: 1.5 }],
    ['no concurrency', { concurrency: 0 }],
  ])('refuses %s', async (_, options) => {
    await using it = await setUp();
    await expect(it.run(options)).rejects.toThrow(RangeError);
  });
});
