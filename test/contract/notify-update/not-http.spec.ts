// What node's parser refuses, before there is a request: seen on the socket.
import { once } from 'node:events';
import { connect } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { sendRaw } from '../../support/http.js';
import { notifyPath, TestGateway } from '../../support/test-gateway.js';
import { accepted } from './answers.js';
import { MADE_UP, notifyAs, type Notify } from './notify.js';
import { forgetRecords, NOTHING, records } from './records.js';

let gateway: TestGateway;
let notify: Notify;
let authorization: string;

beforeAll(async () => {
  gateway = await TestGateway.start();
  notify = await notifyAs(gateway);
  authorization = `Authorization: Bearer ${await gateway.accessToken()}`;
});
afterEach(() => forgetRecords(gateway));
afterAll(() => gateway.close());

const PATH = notifyPath();
const JSON_TYPE = 'Content-Type: application/json';

function request(...lines: string[]): string {
  return [...lines, '', ''].join('\r\n');
}

/** All that came over the socket, as one answer; the socket was closed behind it. */
function parsed(raw: string): object {
  const [head = '', body = '', ...more] = raw.split('\r\n\r\n');
  const [statusLine, ...lines] = head.split('\r\n');
  const headers = Object.fromEntries(lines.map((line) => line.split(': ')));
  return { statusLine, headers, body: JSON.parse(body) as unknown, more };
}

const NOT_HTTP = {
  statusLine: 'HTTP/1.1 400 Bad Request',
  headers: {
    'Content-Type': 'application/json; charset=utf-8',
    'Content-Length': '82',
    'Cache-Control': 'no-store',
    Pragma: 'no-cache',
    'X-Content-Type-Options': 'nosniff',
    'x-correlation-id': MADE_UP,
    Connection: 'close',
  },
  body: { errorCode: 'FIELD_INVALID_FORMAT', error: 'The request is not well-formed HTTP' },
  more: [],
};

describe("400 in D1's form, and the connection is closed: never 414, 417, 431 or nothing at all", () => {
  const good = (): string[] => [`POST ${PATH} HTTP/1.1`, 'Host: gateway', authorization];

  test.each<[string, () => string]>([
    ['a URL of 20 KB', () => request(`POST ${notifyPath('a'.repeat(20_000))} HTTP/1.1`, 'Host: gateway')],
    ['a query of 20 KB', () => request(`POST ${PATH}?${'a'.repeat(20_000)} HTTP/1.1`, 'Host: gateway')],
    ['a header of 20 KB', () => request(...good(), `x-correlation-id: ${'a'.repeat(20_000)}`)],
    [
      '20 KB of headers',
      () => request(...good(), ...Array.from({ length: 1000 }, (_, i) => `x-${i}: ${'a'.repeat(14)}`)),
    ],
    ['200 KB of headers', () => request(...good(), `x-a: ${'a'.repeat(200_000)}`)],
    ['no request line', () => request('nonsense')],
    ['a method that there is not', () => request(`BREW ${PATH} HTTP/1.1`, 'Host: gateway')],
    ['a version that there is not', () => request(`POST ${PATH} HTTP/9.9`, 'Host: gateway')],
    ['a space in the path', () => request(`POST ${notifyPath('MGW 000001')} HTTP/1.1`, 'Host: gateway')],
    [
      'a byte in the path that is no ASCII',
      () => request(`POST ${notifyPath('MGW_00000\xe9')} HTTP/1.1`, 'Host: gateway'),
    ],
    ['NUL in the path', () => request(`POST ${notifyPath('MGW_00000\0')} HTTP/1.1`, 'Host: gateway')],
    ['no Host (RFC 9112, section 3.2)', () => request(`POST ${PATH} HTTP/1.1`, authorization)],
    ['a header without a name', () => request(...good(), ': value')],
    ['a header without a colon', () => request(...good(), 'nonsense')],
    ['NUL in a header', () => request(...good(), 'x-correlation-id: a\0b')],
    ['a length that is no number', () => request(...good(), 'Content-Length: many')],
    ['a negative length', () => request(...good(), 'Content-Length: -1')],
    ['two lengths', () => request(...good(), 'Content-Length: 1', 'Content-Length: 2')],
    ['a length and chunks', () => request(...good(), 'Content-Length: 1', 'Transfer-Encoding: chunked')],
    ['an unknown transfer coding', () => request(...good(), JSON_TYPE, 'Transfer-Encoding: unknown')],
    ['another protocol', () => '\x16\x03\x01\x00\xa5\x01\x00\x00\xa1\x03\x03'],
  ])('%s', async (_, bytes) => {
    expect(parsed(await sendRaw(gateway.url, Buffer.from(bytes(), 'latin1')))).toEqual(NOT_HTTP);
    expect(await records(gateway)).toEqual(NOTHING);
    expect(await notify()).toEqual(accepted());
  });

  test('chunks that are none', async () => {
    const head = request(...good(), JSON_TYPE, 'Transfer-Encoding: chunked');
    expect(parsed(await sendRaw(gateway.url, `${head}many\r\n`))).toEqual(NOT_HTTP);
    expect(await records(gateway)).toEqual(NOTHING);
  });
});

test('a caller that goes away in the middle of its body leaves nothing behind', async () => {
  const { hostname, port } = new URL(gateway.url);
  const headers = ['Host: gateway', authorization, JSON_TYPE, 'Content-Length: 100'];
  for (let tries = 0; tries < 20; tries += 1) {
    const socket = connect(Number(port), hostname);
    await once(socket, 'connect');
    socket.write(`${request(`POST ${PATH} HTTP/1.1`, ...headers)}{"a":`);
    socket.resetAndDestroy();
  }
  expect(await notify({ tokenId: 'still-there' })).toMatchObject({ status: 404 });
  const { notifications, failed } = await records(gateway);
  expect({ notifications, failed }).toEqual({ notifications: [], failed: [] });
});

test('calls that follow one another on a connection each get their answer, in their order', async () => {
  const call = (id: string, ...more: string[]): string =>
    request(`POST ${PATH} HTTP/1.1`, 'Host: gateway', authorization, `x-correlation-id: ${id}`, ...more);
  const json = [JSON_TYPE, 'Content-Length: 2'];
  const bytes = `${call('first', ...json)}{}${call('second', ...json)}{,${call('third', 'Connection: close')}`;
  const statusLines = (await sendRaw(gateway.url, bytes)).match(/HTTP\/1\.1 \d+|x-correlation-id: \S+/g);
  expect(statusLines).toEqual([
    'HTTP/1.1 204',
    'x-correlation-id: first',
    'HTTP/1.1 400',
    'x-correlation-id: second',
    'HTTP/1.1 204',
    'x-correlation-id: third',
  ]);
});

test('a body that nobody wants is not read to its end: the connection is given up', async () => {
  const headers = ['Host: gateway', JSON_TYPE, 'Content-Length: 1000000000'];
  const raw = await sendRaw(gateway.url, `${request(`POST ${PATH} HTTP/1.1`, ...headers)}{`);
  expect(raw).toMatch(/^HTTP\/1\.1 401 Unauthorized\r\n/);
  expect(raw).toMatch(/\r\nConnection: close\r\n/i);
});

describe('what is not HTTP, behind a good call on the same connection, never gets the answer of that call', () => {
  const call = (...more: string[]): string =>
    `${request(`POST ${PATH} HTTP/1.1`, 'Host: gateway', authorization, JSON_TYPE, 'Content-Length: 2', ...more)}{}`;

  test.each([
    ['bytes of no request', () => 'nonsense\r\n\r\n'],
    ['no Host', () => request(`POST ${PATH} HTTP/1.1`, authorization)],
    ['chunks that are none', () => `${request(...good(), 'Transfer-Encoding: chunked')}many\r\n`],
  ])('%s', async (_, garbage) => {
    for (const calls of [1, 2]) {
      const raw = await sendRaw(gateway.url, call().repeat(calls) + garbage());
      const statuses = [...Array<string>(calls).fill('HTTP/1.1 204'), 'HTTP/1.1 400'];
      expect(raw.match(/HTTP\/1\.1 \d+/g)).toEqual(statuses);
      expect(parsed(raw.slice(raw.lastIndexOf('HTTP/1.1')))).toEqual(NOT_HTTP);
      expect((await records(gateway)).notifications).toHaveLength(calls);
      await forgetRecords(gateway);
    }
  });

  test('and none at all where that call was the last to be answered', async () => {
    const raw = await sendRaw(gateway.url, `${call('Connection: close')}nonsense\r\n\r\n`);
    expect(raw.match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 204']);
  });

  const good = (): string[] => [`POST ${PATH} HTTP/1.1`, 'Host: gateway', authorization, JSON_TYPE];
});
