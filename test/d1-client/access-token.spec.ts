import { Logger } from '@nestjs/common';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { D1Client, D1Error } from '@gateway/d1-client';
import { FakeD1, json, lost } from './fake-d1.js';

const GET = { method: 'GET', path: '/state' } as const;
const MINUTE_MS = 60_000;

let d1: FakeD1;
let client: D1Client;
/** What was logged as an error. */
let problems: unknown[];
beforeAll(async () => {
  d1 = await FakeD1.start();
});
afterAll(() => d1.stop());
beforeEach(() => {
  d1.reset();
  problems = [];
  vi.spyOn(Logger.prototype, 'error').mockImplementation((problem: unknown) => void problems.push(problem));
  client = new D1Client(d1.options());
});
afterEach(async () => {
  vi.restoreAllMocks();
  await client.close();
});

const accessTokens = (): unknown[] => d1.calls.map(({ accessToken }) => accessToken);

describe('the access token', () => {
  it('is obtained by an assertion that D1 can verify: ES256, of this gateway, for 5 minutes', async () => {
    await client.request(GET);

    const nowSeconds = Math.floor(d1.clock.nowMs() / 1000);
    expect(d1.assertions).toEqual([{ iss: 'MGW_000001', iat: nowSeconds, exp: nowSeconds + 300 }]);
  });

  it('is used until 30 s before its end, and then renewed', async () => {
    await client.request(GET);
    d1.clock.advance(14.5 * MINUTE_MS - 1);
    await client.request(GET);
    expect(d1.assertions).toHaveLength(1);

    d1.clock.advance(1);
    await client.request(GET);

    expect(accessTokens()).toEqual(['access-token-1', 'access-token-1', 'access-token-2']);
  });

  it('of a short life is used for nine tenths of it', async () => {
    d1.ttlSeconds = 10;
    await client.request(GET);
    d1.clock.advance(8999);
    await client.request(GET);
    d1.clock.advance(1);
    await client.request(GET);

    expect(accessTokens()).toEqual(['access-token-1', 'access-token-1', 'access-token-2']);
  });

  it('is asked for once by calls that need one at the same time', async () => {
    await Promise.all(Array.from({ length: 20 }, () => client.request(GET)));

    expect(d1.assertions).toHaveLength(1);
    expect(d1.calls).toHaveLength(20);
  });

  it('still comes to the others when the call that asked for it first is aborted', async () => {
    const abort = new AbortController();
    d1.tokenAnswers = [json(503, {})];
    const first = client.request(GET, abort.signal);
    const second = client.request(GET);
    abort.abort(new Error('deadline'));

    await expect(first).rejects.toThrow('deadline');
    expect((await second).status).toBe(200);
  });

  it('is dropped on a 401, once, and the call made with a new one', async () => {
    await client.request(GET);
    d1.revoke();

    const responses = await Promise.all([client.request(GET), client.request(GET), client.request(GET)]);

    expect(responses.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(d1.assertions).toHaveLength(2);
  });

  it('is not asked for again and again: a second 401 is final', async () => {
    d1.answers = [json(401, {})];

    await expect(client.request(GET)).rejects.toMatchObject({ kind: 'unavailable', status: 401 });
    expect(d1.calls).toHaveLength(2);
    expect(d1.assertions).toHaveLength(2);
  });

  it('is asked for again after a 503 and a lost connection', async () => {
    d1.tokenAnswers = [json(503, {}), lost];

    expect((await client.request(GET)).status).toBe(200);
    expect(problems).toEqual([]);
  });

  it.each([400, 401, 403, 404])(
    'that D1 refuses with %i is no refusal of the call: told loudly, asked for again',
    async (status) => {
      d1.tokenAnswers = [json(status, { error: 'invalid_grant', error_description: 'secret-detail' })];
      const call = client.request(GET);

      const cause = `POST /authz/v1/oauth2/token at D1: ${status}`;
      await expect(call).rejects.toEqual(new D1Error('unavailable', cause));
      expect(problems).toEqual([{ msg: expect.stringMatching(/^D1 gives no access token/), cause, status }]);
      expect((await client.request(GET)).status).toBe(200);
    },
  );

  it('that is none is no answer to the call either', async () => {
    d1.tokenAnswers = [json(200, { token: 'x' })];

    await expect(client.request(GET)).rejects.toMatchObject({ kind: 'unavailable' });
    expect(problems).toHaveLength(1);
  });

  it('is in no error, and neither are assertion and key', async () => {
    d1.answers = [json(403, { seen: 'access-token-1' })];
    const error: unknown = await client.request(GET).catch((thrown: unknown) => thrown);

    expect(error).toBeInstanceOf(D1Error);
    expect(JSON.stringify(error, Object.getOwnPropertyNames(error))).not.toMatch(/access-token-1|eyJ|BEGIN/);
  });
});

it('a signing key that is none is named by its file', async () => {
  const signingKeyFile = d1.options().tls.certFile;
  const broken = new D1Client(d1.options({ signingKeyFile }));

  await expect(broken.request(GET)).rejects.toThrow(
    `${signingKeyFile} cannot be read, or holds no private key on P-256`,
  );
  await broken.close();
});
