import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { main } from '../../libs/d1-simulator/src/cli/main.js';
import { accept, type Answer, inTurn, refuse, ScriptedGateway } from './scripted-gateway.js';

let stdout = '';
let stderr = '';

beforeEach(() => {
  stdout = '';
  stderr = '';
  vi.spyOn(process.stdout, 'write').mockImplementation((chunk) => ((stdout += String(chunk)), true));
  vi.spyOn(process.stderr, 'write').mockImplementation((chunk) => ((stderr += String(chunk)), true));
  vi.stubEnv('D1_CLIENT_SECRET', undefined);
  vi.stubEnv('D1_CLIENT_ID', undefined);
});

afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});

async function startGateway(answers: { accessToken?: Answer; notification?: Answer } = {}): Promise<ScriptedGateway> {
  const gateway = await ScriptedGateway.start(answers);
  vi.stubEnv('D1_GATEWAY_URL', gateway.baseUrl);
  return gateway;
}

describe('notify', () => {
  it('prints a summary, and exits with 0 if all was accepted', async () => {
    await using _ = await startGateway();
    vi.stubEnv('D1_CLIENT_SECRET', '123');
    expect(await main(['notify', '--count', '10', '--concurrency', '2'])).toBe(0);
    expect(stdout).toMatch(/^10 of 10 notifications in \d+\.\d\d s, \d+\/s\n/);
    expect(stdout).toMatch(/^ {2}204 {2}accepted {2}10 {2}100\.0 %$/m);
    expect(stdout).toMatch(/^ {2}access tokens fetched {2}1$/m);
    expect(stdout).toMatch(/^ {2}latency of one try +p50 +p95 +p99 +p99\.9 +max$/m);
    expect(stderr).toBe('');
  });

  it('exits with 1 if one was not, and shows why', async () => {
    const unknown = refuse(404, { errorCode: 'UNKNOWN_TOKEN', error: 'never \u001b[31mseen' });
    await using _ = await startGateway({ notification: inTurn(unknown, accept) });
    expect(await main(['notify', '--no-oauth', '--count', '4'])).toBe(1);
    expect(stdout).toMatch(/^ {2}404 {2}unknown {3}1 {2}25\.0 % {2}UNKNOWN_TOKEN: never {2}\[31mseen$/m);
  });

  it('sends to the ids it is given', async () => {
    await using gateway = await startGateway();
    const ids = ['--merchant-gateway', 'MGW_000002', '--merchant', '20610027312', '--token', 'a', '--token', 'b'];
    await main(['notify', '--no-oauth', '--count', '2', '--concurrency', '1', ...ids]);
    expect(gateway.notifications.map(({ path }) => path)).toEqual([
      '/merchant-gateways/MGW_000002/merchants/20610027312/tokens/a/notify-update',
      '/merchant-gateways/MGW_000002/merchants/20610027312/tokens/b/notify-update',
    ]);
  });

  it('prints JSON and nothing else', async () => {
    await using _ = await startGateway();
    await main(['notify', '--no-oauth', '--json']);
    expect(JSON.parse(stdout)).toMatchObject({ requested: 1, finished: 1, answersByStatus: { 204: 1 } });
    expect(stderr).toBe('');
  });

  it('exits with 2 and tells where the secret is if there is none', async () => {
    await using _ = await startGateway();
    expect(await main(['notify'])).toBe(2);
    expect(stderr).toContain('`npm start` prints');
    expect(stderr).toContain('D1_CLIENT_SECRET=');
  });

  it('exits with 2 if the credentials are refused', async () => {
    await using _ = await startGateway({ accessToken: refuse(401, { error: 'invalid_client' }) });
    expect(await main(['notify', '--client-secret', 'wrong'])).toBe(2);
    expect(stderr).toBe('No access token for client is_tbank01 from /oauth2/token: 401 (invalid_client)\n');
    expect(stdout).toBe('');
  });

  it.each([
    [['--count', '0']],
    [['--url', 'localhost:3000']],
    [['--payload', '{']],
    [['--cert', 'd1.pem']],
    [['--ca', '/no/such/file']],
    [['--nonsense']],
  ])('exits with 2 on %j', async (options) => {
    expect(await main(['notify', '--no-oauth', ...options])).toBe(2);
    expect(stderr).not.toBe('');
  });
});

describe('token', () => {
  it('prints the fields, the access token itself only if asked', async () => {
    await using _ = await startGateway();
    expect(await main(['token', '--client-secret', '123'])).toBe(0);
    expect(stdout).toBe(
      '  token_type  Bearer\n  expires_in  900\n  expires_at  2026-11-23T12:15:00.000Z\n  scope       d1:notify\n',
    );
    stdout = '';
    expect(await main(['token', '--client-secret', '123', '--show', '--json'])).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ access_token: 'access-token-2', expires_in: 900 });
  });
});
