import { type AccessTokenSource, type ClientCredentials, openSession } from '@gateway/d1-simulator';
import { describe, expect, it } from 'vitest';
import { FakeClock } from './fake-clock.js';
import { type Answer, drop, grant, inTurn, refuse, ScriptedGateway } from './scripted-gateway.js';

const CREDENTIALS: ClientCredentials = { clientId: 'is_tbank01', clientSecret: '123' };

async function setUp(accessToken: Answer = grant(), credentials = CREDENTIALS) {
  const gateway = await ScriptedGateway.start({ accessToken });
  const clock = new FakeClock();
  const { signal } = new AbortController();
  const session = openSession({ baseUrl: gateway.baseUrl, credentials, clock }, 4, signal);
  const accessTokens = session.accessTokens as AccessTokenSource;
  return {
    gateway,
    clock,
    accessTokens,
    [Symbol.asyncDispose]: async () => {
      await session.channel.close();
      await gateway[Symbol.asyncDispose]();
    },
  };
}

describe('the request', () => {
  it('is what the contract shows', async () => {
    await using it = await setUp();
    await it.accessTokens.get();
    expect(it.gateway.accessTokenRequests).toMatchObject([
      {
        method: 'POST',
        path: '/oauth2/token',
        headers: { authorization: 'Basic aXNfdGJhbmswMToxMjM=', 'content-type': 'application/x-www-form-urlencoded' },
        body: 'grant_type=client_credentials',
      },
    ]);
  });

  it('goes to the agreed path and asks for the agreed scope', async () => {
    await using it = await setUp(grant(), { ...CREDENTIALS, path: '/d1/token', scope: 'd1:notify more' });
    await it.accessTokens.get();
    expect(it.gateway.accessTokenRequests).toMatchObject([
      { path: '/d1/token', body: 'grant_type=client_credentials&scope=d1%3Anotify+more' },
    ]);
  });
});

describe('keeping an access token', () => {
  it('hands out the same one until it nears its end', async () => {
    await using it = await setUp(grant(900));
    const first = await it.accessTokens.get();
    expect(first).toEqual({
      value: 'access-token-1',
      tokenType: 'Bearer',
      expiresInSeconds: 900,
      expiresAt: '2026-11-23T12:15:00.000Z',
      scope: 'd1:notify',
    });

    it.clock.nowMs += 869_999;
    expect(await it.accessTokens.get()).toBe(first);
    it.clock.nowMs += 1;
    expect((await it.accessTokens.get()).value).toBe('access-token-2');
    expect(it.accessTokens.fetched).toBe(2);
  });

  it('renews a short-lived one in the last tenth of its life', async () => {
    await using it = await setUp(grant(10));
    await it.accessTokens.get();
    it.clock.nowMs += 8_999;
    expect((await it.accessTokens.get()).value).toBe('access-token-1');
    it.clock.nowMs += 1;
    expect((await it.accessTokens.get()).value).toBe('access-token-2');
  });

  it('shares one request among callers at the same time', async () => {
    await using it = await setUp();
    const got = await Promise.all(Array.from({ length: 20 }, () => it.accessTokens.get()));
    expect(new Set(got.map(({ value }) => value))).toEqual(new Set(['access-token-1']));
    expect(it.gateway.accessTokenRequests).toHaveLength(1);
  });

  it('drops a discarded one, and only that', async () => {
    await using it = await setUp();
    const first = await it.accessTokens.get();
    it.accessTokens.discard(first);
    const second = await it.accessTokens.get();
    it.accessTokens.discard(first);
    expect(await it.accessTokens.get()).toBe(second);
    expect(it.gateway.accessTokenRequests).toHaveLength(2);
  });
});

describe('when the token endpoint fails', () => {
  it('tries again after 503, no sooner than Retry-After, and after a lost connection', async () => {
    await using it = await setUp(inTurn(refuse(503, {}, { 'retry-after': '7' }), drop, grant()));
    expect((await it.accessTokens.get()).value).toBe('access-token-1');
    expect(it.clock.waitsMs).toHaveLength(2);
    expect(it.clock.waitsMs[0]).toBeGreaterThanOrEqual(7_000);
    expect(it.clock.waitsMs[1]).toBeLessThan(7_000);
  });

  it('gives up after the last attempt', async () => {
    await using it = await setUp(refuse(503, { error: 'temporarily_unavailable' }));
    await expect(it.accessTokens.get()).rejects.toMatchObject({ kind: 'unavailable', status: 503 });
    expect(it.gateway.accessTokenRequests).toHaveLength(6);
  });

  it.each([400, 401, 404, 429, 500])('does not try again after %i', async (status) => {
    await using it = await setUp(refuse(status, { error: 'invalid_client' }));
    await expect(it.accessTokens.get()).rejects.toMatchObject({
      kind: 'refused',
      status,
      message: `No access token for client is_tbank01 from /oauth2/token: ${status} (invalid_client)`,
    });
    expect(it.gateway.accessTokenRequests).toHaveLength(1);
  });

  it('asks anew on the next call', async () => {
    await using it = await setUp(inTurn(refuse(401), grant()));
    await expect(it.accessTokens.get()).rejects.toMatchObject({ kind: 'refused' });
    expect((await it.accessTokens.get()).value).toBe('access-token-1');
  });

  it.each([
    ['no access_token', { token_type: 'Bearer', expires_in: 900 }, 'access_token is missing'],
    ['another type', { access_token: 'a', token_type: 'mac', expires_in: 900 }, 'token_type is not Bearer'],
    ['a life as text', { access_token: 'a', token_type: 'Bearer', expires_in: '900' }, 'expires_in is not a positive'],
  ])('takes no answer with %s', async (_, body, message) => {
    await using it = await setUp(refuse(200, body));
    await expect(it.accessTokens.get()).rejects.toMatchObject({
      kind: 'malformed',
      message: expect.stringContaining(message),
    });
  });
});
