// Where two servers do not agree on where a request ends, what one takes for a body is a request to the other. So whatever
// could be read in two ways is refused, and its connection closed (RFC 9112, section 11.2).
import { once } from 'node:events';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { notifyPath, PROVISION, TestGateway } from '../support/test-gateway.js';
import { MERCHANT, MERCHANT_GATEWAY } from '../support/test-gateway.js';

const OUTER = 'outer';
const SMUGGLED = 'smuggled';

let gateway: TestGateway;
let authorization: string;
beforeAll(async () => {
  const merchants = [{ id: MERCHANT, name: 'Shop', tokens: [OUTER, SMUGGLED] }];
  gateway = await TestGateway.start({
    provision: {
      ...PROVISION,
      merchantGateways: [{ id: MERCHANT_GATEWAY, name: 'PSP', merchants }, PROVISION.merchantGateways[1]],
    },
  });
  authorization = `Authorization: Bearer ${await gateway.accessToken()}`;
});
afterEach(() => gateway.query('delete from notifications'));
afterAll(() => gateway.close());

const call = (tokenId: string, version = 'HTTP/1.1'): string[] => [
  `POST ${notifyPath(undefined, undefined, tokenId)} ${version}`,
  'Host: gateway',
  authorization,
  'Content-Type: application/json',
];
const lines = (...all: string[]): string => [...all, '', ''].join('\r\n');
/** The request that somebody wants to be taken for one. */
const smuggled = (): string => lines(...call(SMUGGLED), 'Content-Length: 0');
const sized = (body: string): string => `${Buffer.byteLength(body).toString(16)}\r\n${body}\r\n`;

/** All statuses that come back, and the tokens of what was recorded. */
async function outcome(bytes: string): Promise<{ statuses: string[]; recorded: string[] }> {
  const { hostname, port } = new URL(gateway.url);
  const socket = connect(Number(port), hostname);
  await once(socket, 'connect');
  socket.write(Buffer.from(bytes, 'latin1'));
  const answers = await text(socket);
  const rows = await gateway.query<{ token_id: string }>('select token_id from notifications order by id');
  return { statuses: answers.match(/(?<=HTTP\/1\.1 )\d+/g) ?? [], recorded: rows.map(({ token_id: id }) => id) };
}

const REFUSED = { statuses: ['400'], recorded: [] };

describe('refused, and nothing behind it is read', () => {
  it.each<[string, () => string]>([
    [
      'CL.TE',
      () => `${lines(...call(OUTER), 'Content-Length: 6', 'Transfer-Encoding: chunked')}0\r\n\r\n${smuggled()}`,
    ],
    [
      'TE.CL',
      () => `${lines(...call(OUTER), 'Transfer-Encoding: chunked', 'Content-Length: 4')}${sized(smuggled())}0\r\n\r\n`,
    ],
    [
      'TE.TE: chunked is not the last',
      () => `${lines(...call(OUTER), 'Transfer-Encoding: chunked, identity')}0\r\n\r\n${smuggled()}`,
    ],
    [
      'TE.TE: two headers',
      () => `${lines(...call(OUTER), 'Transfer-Encoding: chunked', 'Transfer-Encoding: x')}0\r\n\r\n${smuggled()}`,
    ],
    ['TE.TE: xchunked', () => `${lines(...call(OUTER), 'Transfer-Encoding: xchunked')}0\r\n\r\n${smuggled()}`],
    ['TE: quoted', () => `${lines(...call(OUTER), 'Transfer-Encoding: "chunked"')}0\r\n\r\n${smuggled()}`],
    ['TE with a vertical tab', () => `${lines(...call(OUTER), 'Transfer-Encoding: \vchunked')}0\r\n\r\n${smuggled()}`],
    [
      'two lengths that differ',
      () => `${lines(...call(OUTER), 'Content-Length: 0', 'Content-Length: 5')}${smuggled()}`,
    ],
    [
      'two lengths that are the same',
      () => `${lines(...call(OUTER), 'Content-Length: 2', 'Content-Length: 2')}{}${smuggled()}`,
    ],
    ['a list of lengths', () => `${lines(...call(OUTER), 'Content-Length: 2, 2')}{}${smuggled()}`],
    ['a length with a sign', () => `${lines(...call(OUTER), 'Content-Length: +2')}{}${smuggled()}`],
    ['a negative length', () => `${lines(...call(OUTER), 'Content-Length: -2')}{}${smuggled()}`],
    ['a length in hexadecimal', () => `${lines(...call(OUTER), 'Content-Length: 0x2')}{}${smuggled()}`],
    ['a length with a space in it', () => `${lines(...call(OUTER), 'Content-Length: 2 2')}{}${smuggled()}`],
    ['a length that is empty', () => `${lines(...call(OUTER), 'Content-Length: ')}${smuggled()}`],
    [
      'a length that overflows',
      () => `${lines(...call(OUTER), 'Content-Length: 18446744073709551618')}{}${smuggled()}`,
    ],
    ['a space before the colon', () => `${lines(...call(OUTER), 'Transfer-Encoding : chunked')}0\r\n\r\n${smuggled()}`],
    ['a space before the first header', () => lines(call(OUTER)[0] ?? '', ' Host: gateway', authorization)],
    [
      'a folded header (obs-fold)',
      () => `${lines(...call(OUTER), 'Transfer-Encoding:', ' chunked')}0\r\n\r\n${smuggled()}`,
    ],
    ['a folded length', () => `${lines(...call(OUTER), 'Content-Length:', '\t2')}{}${smuggled()}`],
    ['lines that end in LF alone', () => [...call(OUTER), 'Content-Length: 0', '', ''].join('\n') + smuggled()],
    ['one header that ends in LF alone', () => `${lines(...call(OUTER), 'X: y\nTransfer-Encoding: chunked')}0\r\n\r\n`],
    ['CR within a header', () => `${lines(...call(OUTER), 'X: y\rTransfer-Encoding: chunked')}0\r\n\r\n`],
    ['NUL within a header', () => `${lines(...call(OUTER), 'X: y\0Transfer-Encoding: chunked')}0\r\n\r\n`],
    ['a space in the name of a header', () => `${lines(...call(OUTER), 'Content Length: 2')}{}`],
    [
      'a chunk size that overflows',
      () => `${lines(...call(OUTER), 'Transfer-Encoding: chunked')}FFFFFFFFFFFFFFFFF\r\n${smuggled()}`,
    ],
    [
      'a chunk size with a sign',
      () => `${lines(...call(OUTER), 'Transfer-Encoding: chunked')}+2\r\n{}\r\n0\r\n\r\n${smuggled()}`,
    ],
    [
      'a chunk size in 0x',
      () => `${lines(...call(OUTER), 'Transfer-Encoding: chunked')}0x2\r\n{}\r\n0\r\n\r\n${smuggled()}`,
    ],
    [
      'a chunk size that ends in LF alone',
      () => `${lines(...call(OUTER), 'Transfer-Encoding: chunked')}2\n{}\r\n0\r\n\r\n${smuggled()}`,
    ],
    [
      'a chunk longer than its size',
      () => `${lines(...call(OUTER), 'Transfer-Encoding: chunked')}2\r\n{}}\r\n0\r\n\r\n${smuggled()}`,
    ],
    [
      'an extension of a chunk with LF in it',
      () => `${lines(...call(OUTER), 'Transfer-Encoding: chunked')}2;a\nb\r\n{}\r\n0\r\n\r\n${smuggled()}`,
    ],
    [
      'extensions of 20 KB',
      () =>
        `${lines(...call(OUTER), 'Transfer-Encoding: chunked')}2;${'a'.repeat(20_000)}\r\n{}\r\n0\r\n\r\n${smuggled()}`,
    ],
    [
      'a length among the trailers',
      () => `${lines(...call(OUTER), 'Transfer-Encoding: chunked')}2\r\n{}\r\n0\r\nContent-Length: 5\r\n\r\n`,
    ],
    ['two hosts', () => lines(...call(OUTER), 'Host: elsewhere', 'Content-Length: 0')],
    [
      'more than 100 headers',
      () => lines(...call(OUTER), ...Array.from({ length: 101 }, (_, index) => `X-${index}: y`)),
    ],
    ['HTTP/2 without its negotiation', () => 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'],
    ['another version', () => lines(...call(OUTER, 'HTTP/1.2'), 'Content-Length: 0')],
  ])('%s', async (_, bytes) => {
    expect(await outcome(bytes())).toEqual(REFUSED);
  });
});

describe('one request, and one only', () => {
  const last = (): string[] => [...call(OUTER), 'Connection: close'];
  const ONE = { statuses: ['204'], recorded: [OUTER] };

  it.each<[string, () => string, object?]>([
    ['a body that looks like a request', () => `${lines(...last(), 'Content-Length: 2')}{}${smuggled()}`],
    ['an extension of a chunk', () => `${lines(...last(), 'Transfer-Encoding: chunked')}2;a=b\r\n{}\r\n0\r\n\r\n`],
    [
      'an upgrade that is not followed',
      () => lines(...last(), 'Connection: Upgrade', 'Upgrade: h2c', 'Content-Length: 0'),
    ],
    ['a space behind the length, which is allowed', () => `${lines(...last(), 'Content-Length: 2 ')}{}`],
  ])('%s', async (_, bytes) => {
    expect(await outcome(bytes())).toEqual(ONE);
  });
});

it('calls in one go are each answered, in their order: the measure of all these', async () => {
  const calls = `${lines(...call(OUTER), 'Content-Length: 2')}{}${lines(...call(SMUGGLED), 'Connection: close')}`;

  // Recorded in the same millisecond, in which ids have no order.
  expect(await outcome(calls)).toEqual({
    statuses: ['204', '204'],
    recorded: expect.toSatisfy(
      (ids: string[]) => ids.toSorted().join() === [OUTER, SMUGGLED].toSorted().join(),
    ) as string[],
  });
});
