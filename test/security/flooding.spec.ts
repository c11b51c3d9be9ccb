// Who is slow, or comes in numbers, is sent away; everybody else is served on.
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, describe, expect, it } from 'vitest';
import { send } from '../support/http.js';
import { basic, notifyPath, TestGateway } from '../support/test-gateway.js';

let gateway: TestGateway;
const sockets: Socket[] = [];
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  await gateway.close();
});

async function open(): Promise<Socket> {
  const { hostname, port } = new URL(gateway.url);
  const socket = connect(Number(port), hostname).on('error', () => {});
  sockets.push(socket);
  await once(socket, 'connect');
  return socket;
}

const served = async (): Promise<number> => (await send(gateway.url, '/health/live', { method: 'GET' })).status;
const HEAD = `POST ${notifyPath()} HTTP/1.1\r\nHost: gateway\r\n`;

describe('a request that comes drop by drop', () => {
  it.each([
    ['never begins', async () => ['']],
    ['its headers', async () => [HEAD, 'X-A: b\r\n', 'X-B: c\r\n', 'X-C: d\r\n']],
    [
      'its body',
      async () => [
        `${HEAD}Authorization: Bearer ${await gateway.accessToken()}\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n`,
        ...' '.repeat(20),
      ],
    ],
    [
      'a form',
      async () => [
        `POST /oauth2/token HTTP/1.1\r\nHost: gateway\r\nAuthorization: ${basic('is_tbank01', 'x')}\r\nContent-Type: application/x-www-form-urlencoded\r\nTransfer-Encoding: chunked\r\n\r\n`,
        ...Array.from({ length: 20 }, () => '1\r\na\r\n'),
      ],
    ],
  ])('%s: its connection is closed after REQUEST_TIMEOUT_MS', async (_, drops) => {
    gateway = await TestGateway.start({ env: { REQUEST_TIMEOUT_MS: '1000' } });
    const socket = await open();
    const startedMs = performance.now();
    const rest = [...(await drops())];
    const timer = setInterval(() => void (socket.writable && socket.write(rest.shift() ?? '')), 200);

    const answer = await text(socket).catch(() => '');
    clearInterval(timer);

    // Node looks for them once a second.
    expect(performance.now() - startedMs).toBeLessThan(6000);
    // Either it is told that it was too slow, or that it was wrong: never anything else.
    expect(answer).toMatch(/^(HTTP\/1\.1 (503|401) [^]*)?$/);
    expect(await served()).toBe(200);
  });
});

it('a connection without a request is closed after KEEP_ALIVE_TIMEOUT_MS', async () => {
  gateway = await TestGateway.start({ env: { KEEP_ALIVE_TIMEOUT_MS: '1000' } });
  const socket = await open();
  socket.write('GET /health/live HTTP/1.1\r\nHost: gateway\r\n\r\n');

  expect(await text(socket)).toMatch(/^HTTP\/1\.1 200 /);
});

it('connections of one address beyond MAX_CONNECTIONS_PER_ADDRESS are told 503 and closed', async () => {
  gateway = await TestGateway.start({ env: { MAX_CONNECTIONS_PER_ADDRESS: '5' } });
  const get = 'GET /health/live HTTP/1.1\r\nHost: gateway\r\n\r\n';
  const mine: Socket[] = [];
  for (let count = 0; count < 5; count += 1) {
    const socket = await open();
    socket.write(get);
    await once(socket, 'data');
    mine.push(socket);
  }

  const one = await open();
  one.write(get);
  expect(await text(one)).toMatch(/^HTTP\/1\.1 503 [^]*\r\nRetry-After: \d+\r\n[^]*Connection: close/i);

  mine[0]?.destroy();
  await expect.poll(served).toBe(200);
});

it('those of a trusted proxy are not counted: they carry everybody’s', async () => {
  gateway = await TestGateway.start({ env: { MAX_CONNECTIONS_PER_ADDRESS: '1', TRUSTED_PROXIES: '127.0.0.1' } });
  await open();
  await open();

  expect(await served()).toBe(200);
});

it('who sends on without waiting for answers is answered 503 beyond 100 requests at a time', async () => {
  gateway = await TestGateway.start();
  const socket = await open();
  const request = `${HEAD}Authorization: Bearer ${await gateway.accessToken()}\r\nContent-Length: 0\r\n\r\n`;

  socket.write(request.repeat(160));

  const statuses = (await text(socket)).match(/(?<=HTTP\/1\.1 )\d+/g) ?? [];
  const accepted = statuses.filter((status) => status === '204').length;
  expect(accepted).toBeGreaterThanOrEqual(100);
  expect(statuses.slice(accepted)).toEqual(['503']);
  expect(await gateway.query('select id from notifications')).toHaveLength(accepted);
  expect(await served()).toBe(200);
});
