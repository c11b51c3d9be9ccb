import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Answer } from '../../support/http.js';
import { basic, D1_CLIENT, TestGateway } from '../../support/test-gateway.js';
import { askForToken, UUID, type TokenCall } from './token-call.js';

const ANSWERS: [number, TokenCall][] = [
  [200, {}],
  [400, { form: '' }],
  [400, { authorization: 'Basic' }],
  [401, { authorization: null }],
  [401, { authorization: basic('nobody', 'wrong') }],
  [405, { method: 'GET' }],
];

describe('x-correlation-id on a token request', () => {
  let gateway: TestGateway;
  beforeAll(async () => {
    gateway = await TestGateway.start();
  });
  afterAll(() => gateway.close());

  const ask = (call: TokenCall, correlationId: string | string[] | null): Promise<Answer> =>
    askForToken(gateway, { ...call, correlationId });
  const linesWith = (text: string): string[] => gateway.logLines.filter((line) => line.includes(text));

  it.each(ANSWERS)('is echoed with %i (%j)', async (status, call) => {
    const answer = await ask(call, 'use-case_1');
    expect([answer.status, answer.headers['x-correlation-id']]).toEqual([status, 'use-case_1']);
  });

  it.each(ANSWERS)('is made where there is none, with %i (%j)', async (status, call) => {
    const answer = await ask(call, null);
    expect([answer.status, answer.headers['x-correlation-id']]).toEqual([status, expect.stringMatching(UUID)]);
  });

  it.each([
    ['empty', ''],
    ['65 characters', 'a'.repeat(65)],
    ['10,000 characters', 'a'.repeat(10_000)],
    ['a space', 'use case'],
    ['a dot', 'use.case'],
    ['markup', '<script>'],
    ['JSON', '","level":"fatal'],
    ['a letter beyond ASCII', 'us\xE9-case'],
    ['two of them', ['use-case-1', 'use-case-2']],
  ])('is neither echoed nor logged where it is malformed, and no reason to refuse: %s', async (_name, value) => {
    const answer = await ask({}, value);
    expect([answer.status, answer.headers['x-correlation-id']]).toEqual([200, expect.stringMatching(UUID)]);
    await vi.waitFor(() => expect(linesWith(String(answer.headers['x-correlation-id']))).toHaveLength(1));
    const unquoted = JSON.stringify(value).slice(1, -1);
    if (unquoted) expect(linesWith(unquoted)).toEqual([]);
  });

  it('may have 64 characters', async () => {
    const longest = 'Az09_-'.padEnd(64, 'x');
    expect((await ask({}, longest)).headers['x-correlation-id']).toBe(longest);
  });

  it('is logged with the request', async () => {
    await ask({}, 'logged-use-case');
    await vi.waitFor(() => expect(linesWith('logged-use-case')).toHaveLength(1));
    expect(JSON.parse(linesWith('logged-use-case')[0] ?? '')).toMatchObject({
      msg: 'request',
      method: 'POST',
      route: '/oauth2/token',
      status: 200,
      correlationId: 'logged-use-case',
    });
  });
});

describe('the log of token requests', () => {
  it('holds no secret, no access token and no Authorization value', async () => {
    const gateway = await TestGateway.start({ env: { LOG_LEVEL: 'trace', CLIENT_CACHE_SECONDS: '0' } });
    const secret = gateway.secretOf(D1_CLIENT);
    const right = basic(D1_CLIENT, secret);
    const answer = await askForToken(gateway, { form: `grant_type=client_credentials&client_secret=${secret}` });
    await askForToken(gateway, { authorization: basic('nobody', secret) });
    await askForToken(gateway, { authorization: basic(D1_CLIENT, 'guessed-secret') });
    await askForToken(gateway, { authorization: `${right}!` });
    await askForToken(gateway, { authorization: right.replace('Basic', 'Bearer') });
    await askForToken(gateway, { path: `/oauth2/token?client_secret=${secret}`, form: '' });
    await gateway.dataSource.destroy();
    await askForToken(gateway, { authorization: right });
    const last = { method: 'GET', correlationId: 'the-last-one' };
    await askForToken(gateway, { ...last, path: `/oauth2/token/${secret}` });
    await vi.waitFor(() => expect(gateway.logLines.join()).toContain('the-last-one'));
    const log = gateway.logLines.join();
    const [, encoded = ''] = right.split(' ');
    const { access_token: accessToken } = answer.json<{ access_token: string }>();
    for (const private_ of [secret, 'guessed-secret', encoded, ...accessToken.split('.')]) {
      expect(log).not.toContain(private_);
    }
    await gateway.close();
  });
});
