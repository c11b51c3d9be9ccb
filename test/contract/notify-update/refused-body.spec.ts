// A caller that is still sending its body when it is refused: seen on the socket.
import { once } from 'node:events';
import { connect, type Server, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sendRaw } from '../../support/http.js';
import { notifyPath, TestGateway } from '../../support/test-gateway.js';
import { MADE_UP } from './notify.js';
import { NOTHING, records } from './records.js';

const MIB = 1024 * 1024;
const PATH = notifyPath();
const JSON_TYPE = 'Content-Type: application/json';

let gateway: TestGateway;
let authorization: string;

beforeAll(async () => {
  gateway = await TestGateway.start({ env: { REQUEST_TIMEOUT_MS: '1000' } });
  authorization = `Authorization: Bearer ${await gateway.accessToken()}`;
});
afterAll(() => gateway.close());

const head = (...lines: string[]): string => [`POST ${PATH} HTTP/1.1`, 'Host: gateway', ...lines, '', ''].join('\r\n');

async function connected(): Promise<Socket> {
  const { hostname, port } = new URL(gateway.url);
  const socket = connect(Number(port), hostname);
  await once(socket, 'connect');
  return socket;
}

const statuses = (raw: string): string[] => raw.match(/HTTP\/1\.1 \d+/g) ?? [];

// Were the connection closed at once, the caller would find it broken while it sends, and might never see the answer.
describe('the rest of its body is thrown away, so that it sees its answer (RFC 9112, section 9.6)', () => {
  test.each([
    ['401', () => head(JSON_TYPE, `Content-Length: ${MIB}`), (rest: string) => rest],
    ['400', () => head(authorization, JSON_TYPE, `Content-Length: ${MIB}`), (rest: string) => rest],
    [
      '400',
      () => `${head(authorization, JSON_TYPE, 'Transfer-Encoding: chunked')}20000\r\n${'x'.repeat(0x20000)}\r\n`,
      (rest: string) => `${MIB.toString(16)}\r\n${rest}\r\n0\r\n\r\n`,
    ],
    [
      '400',
      () =>
        `${head(authorization, JSON_TYPE, 'Transfer-Encoding: chunked')}20000\r\n${'x'.repeat(0x20000)}\r\n0\r\n\r\n`,
      () => '',
    ],
    ['405', () => head(JSON_TYPE, `Content-Length: ${MIB}`).replace('POST', 'PUT'), (rest: string) => rest],
    ['404', () => head(JSON_TYPE, `Content-Length: ${MIB}`).replace(PATH, '/nowhere'), (rest: string) => rest],
  ])('%s: the connection can be used again', async (status, begin, end) => {
    const socket = await connected();
    socket.write(begin());
    const [first] = (await once(socket, 'data')) as [Buffer];
    expect(statuses(first.toString())).toEqual([`HTTP/1.1 ${status}`]);
    socket.write(end('x'.repeat(MIB)));
    socket.write(head(authorization, 'Connection: close'));
    expect(statuses(await text(socket))).toEqual(['HTTP/1.1 204']);
    await gateway.query('delete from notifications');
  });
});

describe('but not without end', () => {
  test('a length of 1 GB: the connection is closed', async () => {
    const raw = await sendRaw(gateway.url, `${head(JSON_TYPE, 'Content-Length: 1000000000')}{`);
    expect(statuses(raw)).toEqual(['HTTP/1.1 401']);
    expect(raw).toMatch(/\r\nConnection: close\r\n/i);
  });

  test('chunks that do not end: the connection is cut', async () => {
    const socket = await connected();
    socket.write(head(JSON_TYPE, 'Transfer-Encoding: chunked'));
    const [first] = (await once(socket, 'data')) as [Buffer];
    expect(statuses(first.toString())).toEqual(['HTTP/1.1 401']);
    const closed = new Promise((resolve) => socket.on('error', resolve).on('close', resolve));
    const chunk = `${MIB.toString(16)}\r\n${'x'.repeat(MIB)}\r\n`;
    let sent = 0;
    while (!socket.closed && sent < 100) {
      sent += 1;
      await new Promise((resolve) => socket.write(chunk, resolve));
    }
    await closed;
    expect(sent).toBeLessThan(100);
  });

  test('a body that does not come: 503 with Retry-After once REQUEST_TIMEOUT_MS is over, and nothing is recorded', async () => {
    const raw = await sendRaw(gateway.url, `${head(authorization, JSON_TYPE, 'Content-Length: 100')}{`);
    const [lines = '', body] = raw.split('\r\n\r\n');
    const [statusLine, ...headers] = lines.split('\r\n');
    expect(statusLine).toBe('HTTP/1.1 503 Service Unavailable');
    expect(Object.fromEntries(headers.map((header) => header.split(': ')))).toEqual({
      'Content-Type': 'application/json; charset=utf-8',
      'Content-Length': String(body?.length),
      'Cache-Control': 'no-store',
      Pragma: 'no-cache',
      'X-Content-Type-Options': 'nosniff',
      'x-correlation-id': MADE_UP,
      'Retry-After': '5',
      Connection: 'close',
    });
    expect(body).toBe('{"error":"The request did not arrive in time"}');
    expect(await records(gateway)).toEqual(NOTHING);
  });

  test('headers that do not end: the same', async () => {
    const raw = await sendRaw(gateway.url, `POST ${PATH} HTTP/1.1\r\nHost: gateway\r\n`);
    expect(statuses(raw)).toEqual(['HTTP/1.1 503']);
  });
});

test('a caller that sends no HTTP and then keeps its side of the connection does not keep the other', async () => {
  const untouched = await TestGateway.start();
  const { hostname, port } = new URL(untouched.url);
  const server = untouched.app.getHttpServer() as Server;
  const open = (): Promise<number> =>
    new Promise((resolve, reject) => server.getConnections((error, count) => (error ? reject(error) : resolve(count))));
  const socket = connect({ host: hostname, port: Number(port), allowHalfOpen: true });
  socket.write('nonsense\r\n\r\n');
  const [answer] = (await once(socket, 'data')) as [Buffer];
  expect(statuses(answer.toString())).toEqual(['HTTP/1.1 400']);
  await expect.poll(open, { timeout: 5000 }).toBe(0);
  socket.destroy();
  await untouched.close();
});
