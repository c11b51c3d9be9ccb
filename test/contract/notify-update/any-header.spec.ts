// Whatever the headers, the answer is one of the contract's.
import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { notifyPath, TestGateway } from '../../support/test-gateway.js';
import { accepted } from './answers.js';
import { anyText, characterOf, chunked, printable, RUNS, statusOf, TIMEOUT_MS } from './any-input.js';
import { notifyAs, type Notify } from './notify.js';

let gateway: TestGateway;
let notify: Notify;
let authorization: string;

beforeAll(async () => {
  gateway = await TestGateway.start();
  notify = await notifyAs(gateway);
  authorization = `Authorization: Bearer ${await gateway.accessToken()}`;
});
afterEach(async () => expect(await notify()).toEqual(accepted()));
afterAll(() => gateway.close());

const post = (path: string): string[] => [`POST ${path} HTTP/1.1`, 'Host: gateway'];

test(
  'any Authorization header but the right one: 401, or 400 where it is no HTTP',
  async () => {
    const token = gateway.accessToken();
    const scheme = fc.constantFrom('Bearer ', 'bearer ', 'Basic ', 'Digest ', '', 'Bearer', 'Bearer\t', 'DPoP ');
    const part = fc.oneof(
      fc.base64String({ maxLength: 60 }),
      fc.json().map((json) => Buffer.from(json).toString('base64url')),
      printable,
    );
    const jwt = fc.tuple(part, part, part).map((parts) => parts.join('.'));
    const own = await token;
    const cut = fc.nat({ max: own.length - 1 }).map((length) => own.slice(0, length));
    const value = fc.oneof(anyText, printable, jwt, cut);
    await fc.assert(
      fc.asyncProperty(scheme, value, async (scheme, value) => {
        const head = [...post(notifyPath()), `Authorization: ${scheme}${value}`];
        expect([400, 401]).toContain(await statusOf(gateway.url, head));
      }),
      RUNS,
    );
  },
  TIMEOUT_MS,
);

test(
  'any headers beside it: 204 or 400',
  async () => {
    const name = fc.oneof(
      fc.constantFrom('x-correlation-id', 'Content-Type', 'Expect', 'Upgrade', 'Transfer-Encoding', 'Accept-Version'),
      fc.constantFrom(
        'Content-Encoding',
        'Content-Length',
        'Forwarded',
        'X-Forwarded-For',
        'Range',
        'If-Match',
        'Host',
      ),
      fc.constantFrom('Connection', 'Cookie', 'TE', 'Trailer', 'traceparent', 'X-HTTP-Method-Override', 'Origin'),
      fc.string({ unit: characterOf('abcXYZ019-_!~'), minLength: 1, maxLength: 20 }),
    );
    const value = fc.oneof(
      anyText,
      printable,
      fc.constantFrom(
        '100-continue',
        'chunked',
        'gzip, chunked',
        'websocket',
        'upgrade',
        'keep-alive',
        '*/*',
        '0',
        '-1',
      ),
      fc.constantFrom(
        'application/json',
        'application/json; charset=utf-16',
        'text/plain',
        'a/b',
        ';',
        '/',
        'a/b; c="',
      ),
    );
    const headers = fc.array(fc.tuple(name, value), { maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(headers, async (headers) => {
        const head = [...post(notifyPath()), authorization, ...headers.map(([name, value]) => `${name}: ${value}`)];
        expect([204, 400]).toContain(await statusOf(gateway.url, head, bodyFor(headers)));
      }),
      RUNS,
    );
  },
  TIMEOUT_MS,
);

/** As much of a body as those headers promise: for the rest the gateway would wait, and rightly. */
function bodyFor(headers: readonly (readonly [string, string])[]): Uint8Array {
  const promised = (wanted: string): string => headers.find(([name]) => name === wanted)?.[1] ?? '';
  const length = Number(promised('Content-Length'));
  fc.pre(!(length > 1000));
  return promised('Transfer-Encoding').includes('chunked')
    ? chunked(Buffer.alloc(0))
    : Buffer.alloc(length > 0 ? length : 0);
}
