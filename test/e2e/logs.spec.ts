import { afterAll, beforeAll, expect, it } from 'vitest';
import { send } from '../support/http.js';
import { basic, MERCHANT, MERCHANT_GATEWAY, notifyPath, TestGateway, TOKEN } from '../support/test-gateway.js';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await TestGateway.start({ env: { LOG_LEVEL: 'trace' } });
});
afterAll(() => gateway.close());

const linesOf = (correlationId: string): Record<string, unknown>[] =>
  gateway.logLines
    .map((line) => JSON.parse(line) as Record<string, unknown>)
    .filter((line) => line.correlationId === correlationId);

it('writes one line for a request, with what an operator asks for', async () => {
  const headers = { authorization: `Bearer ${await gateway.accessToken()}`, 'x-correlation-id': 'one-line' };

  await send(gateway.url, notifyPath(), { headers });

  expect(linesOf('one-line')).toEqual([
    {
      level: 'info',
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
      msg: 'request',
      method: 'POST',
      route: '/merchant-gateways/:merchantGatewayId/merchants/:merchantId/tokens/:tokenId/notify-update',
      status: 204,
      durationMs: expect.any(Number),
      correlationId: 'one-line',
      remoteAddress: '127.0.0.1',
      clientId: 'is_tbank01',
      merchantGatewayId: MERCHANT_GATEWAY,
      merchantId: MERCHANT,
      tokenId: TOKEN,
    },
  ]);
});

it('says privately why a request was refused', async () => {
  await send(gateway.url, notifyPath(), {
    headers: { authorization: 'Bearer not.a.jwt', 'x-correlation-id': 'refused' },
  });

  expect(linesOf('refused')).toEqual([
    expect.objectContaining({ level: 'warn', error: 'Unauthorized', status: 401, detail: expect.any(String) }),
    expect.objectContaining({ level: 'info', msg: 'request', status: 401 }),
  ]);
});

it('writes no secret, no access token and no Authorization value, whatever happens', async () => {
  const accessToken = await gateway.accessToken();
  const clientSecret = gateway.secretOf('is_tbank01');
  const wrongSecret = 'wrong-secret-never-logged';
  const header = basic('is_tbank01', wrongSecret);
  const form = { 'content-type': 'application/x-www-form-urlencoded' };
  const bearer = { authorization: `Bearer ${accessToken}` };

  await send(gateway.url, '/oauth2/token', {
    headers: { ...form, authorization: header },
    body: 'grant_type=client_credentials',
  });
  await send(gateway.url, `/oauth2/token?client_secret=${clientSecret}`, {
    headers: { ...form, authorization: `Basic ${clientSecret}` },
    body: 'x',
  });
  await send(gateway.url, `/oauth2/token`, { headers: form, body: `client_secret=${clientSecret}` });
  await send(gateway.url, `${notifyPath()}?access_token=${accessToken}`, {
    headers: { ...bearer, 'content-type': 'application/json' },
    body: `{"secret":"${wrongSecret}"}`,
  });
  await send(gateway.url, notifyPath(undefined, undefined, accessToken), {
    headers: { ...bearer, 'x-correlation-id': accessToken },
  });
  await send(gateway.url, `/${accessToken}`, {
    headers: { authorization: `Bearer ${clientSecret}`, cookie: accessToken },
  });
  // A statement that fails carries its parameters in the driver's error.
  await gateway.query('alter table unmatched_notifications rename to elsewhere');
  await send(gateway.url, notifyPath(undefined, undefined, 'unknown'), {
    headers: { ...bearer, 'content-type': 'application/json' },
    body: `{"secret":"${wrongSecret}"}`,
  });
  await gateway.query('alter table elsewhere rename to unmatched_notifications');

  const log = gateway.logLines.join('');
  expect(log).toContain('A batch was not committed');
  const [, signature = 'none'] = /\.([\w-]+)$/.exec(accessToken) ?? [];
  for (const secret of [accessToken, signature, clientSecret, wrongSecret, header, header.slice('Basic '.length)]) {
    expect(log.includes(secret), `the log holds ${secret.slice(0, 8)}…`).toBe(false);
  }
});

it('cannot be made to write a line by what a caller sends', async () => {
  const before = gateway.logLines.length;

  await send(gateway.url, `/%0A%7B%22level%22:%22forged%22%7D`, { headers: { 'x-correlation-id': '{"forged":1}' } });

  const lines = gateway.logLines.slice(before);
  expect(lines.every((line) => line.endsWith('\n') && line.indexOf('\n') === line.length - 1)).toBe(true);
  expect(lines.join('')).not.toContain('forged');
});
