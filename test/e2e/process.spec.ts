import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { request } from 'node:http';
import { connect } from 'node:net';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { runNotifications, type RunOptions } from '@gateway/d1-simulator';
import { freePort } from '../support/free-port.js';
import { GatewayProcess } from '../support/gateway-process.js';
import { send } from '../support/http.js';
import { createTestDatabase, openForInspection, type TestDatabase } from '../support/test-database.js';
import { D1_CLIENT, MERCHANT, MERCHANT_GATEWAY, notifyPath, TOKEN } from '../support/test-gateway.js';
import { WITHOUT_TEAMS } from '../support/without-teams.js';

const run = promisify(execFile);

let database: TestDatabase;
let gateway: GatewayProcess;
beforeEach(async () => {
  database = await createTestDatabase();
});
afterEach(async () => {
  await gateway.end();
  await database.drop();
});

it('starts with nothing set, prints a secret once and a curl pair that works as pasted', async () => {
  gateway = await GatewayProcess.start(database, { PROVISION_FILE: '' });

  const pair = gateway.stderr.slice(
    gateway.stderr.indexOf('  D1_CLIENT_SECRET='),
    gateway.stderr.indexOf('Or a thousand'),
  );
  const { stdout } = await run('bash', ['-c', pair]);

  expect(gateway.stderr).toContain(`Swagger UI: ${gateway.url}/docs`);
  expect(stdout).toMatch(/^HTTP\/1\.1 204 No Content\r\n/);
  expect(
    gateway.stdout
      .split('\n')
      .filter(Boolean)
      .every((line) => line.startsWith('{"level":')),
  ).toBe(true);
  const secret = gateway.secretOf(D1_CLIENT);
  expect(gateway.stdout).not.toContain(secret);
  await gateway.end();

  gateway = await GatewayProcess.start(database, { PROVISION_FILE: '' });
  expect(gateway.stderr).not.toContain(secret);
});

it('keeps its signing keys: an access token outlives a restart', async () => {
  const PORT = String(await freePort());
  gateway = await GatewayProcess.start(database, { PORT });
  const credentials = { clientId: D1_CLIENT, clientSecret: gateway.secretOf(D1_CLIENT) };
  const answer = await fetch(`${gateway.url}/oauth2/token`, {
    method: 'POST',
    headers: { authorization: `Basic ${Buffer.from(Object.values(credentials).join(':')).toString('base64')}` },
    body: new URLSearchParams({ grant_type: 'client_credentials' }),
  });
  const { access_token: accessToken } = (await answer.json()) as { access_token: string };
  await gateway.end();

  gateway = await GatewayProcess.start(database, { PORT });

  const headers = { authorization: `Bearer ${accessToken}` };
  expect((await send(gateway.url, notifyPath(), { headers })).status).toBe(204);
});

it('finishes what is in flight on SIGTERM and exits with 0; nothing acknowledged is missing', async () => {
  gateway = await GatewayProcess.start(database, { SHUTDOWN_DELAY_MS: '50' });
  const acknowledged = new Set<string>();
  const statuses = new Set<number | undefined>();
  let ended: Promise<unknown> | undefined;
  const options: RunOptions = {
    baseUrl: gateway.url,
    credentials: { clientId: D1_CLIENT, clientSecret: gateway.secretOf(D1_CLIENT) },
    targets: [{ merchantGatewayId: MERCHANT_GATEWAY, merchantId: MERCHANT, tokenId: TOKEN }],
    count: 20_000,
    concurrency: 32,
    retry: { maxAttempts: 1 },
    onAnswer: ({ status, correlationId }) => {
      statuses.add(status);
      if (status === 204) acknowledged.add(correlationId);
      if (acknowledged.size === 300) ended ??= gateway.end('SIGTERM');
    },
  };

  await runNotifications(options);

  // After the port has closed there is no answer at all; until then there is none but 204.
  expect(statuses).toEqual(new Set([204, undefined]));
  expect(await ended).toBe(0);
  const view = await openForInspection(database.env);
  const rows = await view.query<{ correlation_id: string }[]>('select correlation_id from notifications');
  await view.destroy();
  const kept = new Set(rows.map((row) => row.correlation_id));
  expect([...acknowledged].filter((id) => !kept.has(id))).toEqual([]);
});

it('waits for a request whose body is still on its way when it is told to stop', async () => {
  gateway = await GatewayProcess.start(database);
  const { port } = new URL(gateway.url);
  const credentials = { clientId: D1_CLIENT, clientSecret: gateway.secretOf(D1_CLIENT) };
  const token = await fetch(`${gateway.url}/oauth2/token`, {
    method: 'POST',
    headers: { authorization: `Basic ${Buffer.from(Object.values(credentials).join(':')).toString('base64')}` },
    body: new URLSearchParams({ grant_type: 'client_credentials' }),
  });
  const { access_token: accessToken } = (await token.json()) as { access_token: string };
  const slow = request({
    hostname: '127.0.0.1',
    port,
    path: notifyPath(),
    method: 'POST',
    headers: { authorization: `Bearer ${accessToken}`, 'content-type': 'application/json', 'content-length': 7 },
  });
  slow.write('{"a":');
  await expect.poll(async () => (await fetch(`${gateway.url}/health/live`)).status).toBe(200);

  const ended = gateway.end('SIGTERM');
  await gateway.untilLogged('"msg":"Draining"');
  slow.end('1}');
  const [response] = (await once(slow, 'response')) as [import('node:http').IncomingMessage];

  expect(response.statusCode).toBe(204);
  response.resume();
  expect(await ended).toBe(0);
});

/** How many connections the system lets wait to be taken. */
function mostWaiting(): number {
  try {
    return Number(readFileSync('/proc/sys/net/core/somaxconn', 'utf8'));
  } catch {
    return 0;
  }
}

it.skipIf(mostWaiting() < 1000)('keeps connections that come all at once until it gets to them', async () => {
  gateway = await GatewayProcess.start(database);
  const thaw = gateway.freeze();
  const port = Number(new URL(gateway.url).port);
  const sockets = Array.from({ length: 1000 }, () => connect(port, '127.0.0.1'));
  try {
    await Promise.all(sockets.map((socket) => once(socket, 'connect')));
    thaw();
    for (const socket of sockets) socket.write('GET /health/live HTTP/1.1\r\nHost: gateway\r\n\r\n');
    const answers = await Promise.all(sockets.map((socket) => once(socket, 'data') as Promise<[Buffer]>));
    expect(new Set(answers.map(([answer]) => answer.toString().split('\r\n', 1)[0]))).toEqual(
      new Set(['HTTP/1.1 200 OK']),
    );
  } finally {
    thaw();
    for (const socket of sockets) socket.destroy();
  }
});

it.each([
  [{ PORT: 'eighty' }, /^Configuration: PORT must be an integer number/],
  [{ MASTER_KEY: 'short' }, /^Configuration: MASTER_KEY must be 32 bytes/],
  [{ PROVISION_FILE: 'no/such/file' }, /^no\/such\/file: cannot be read: ENOENT/],
  [{ SIGNING_KEY_FILE: 'package.json' }, /^SIGNING_KEY_FILE cannot be read as a private key/],
])('tells in one line what is wrong with %o, and exits with 1', async (env, message) => {
  gateway = await GatewayProcess.start(database);
  await gateway.end();

  const failed = run(process.execPath, [...WITHOUT_TEAMS, 'dist/src/main.js'], {
    env: { PATH: process.env.PATH, ...database.env, PORT: '0', LOG_LEVEL: 'silent', ...env },
  });

  const { code, stderr } = await failed.then(
    () => ({ code: 0, stderr: '' }),
    (error: { code: number; stderr: string }) => error,
  );
  expect(code).toBe(1);
  expect(stderr).toMatch(message);
  expect(stderr.trim().split('\n')).toHaveLength(1);
});
