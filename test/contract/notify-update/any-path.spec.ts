// Whatever the path, the answer is one of the contract's.
import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { notifyPath, TestGateway } from '../../support/test-gateway.js';
import { accepted } from './answers.js';
import { anyPath, anyText, characterOf, RUNS, statusOf, TIMEOUT_MS } from './any-input.js';
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
  'any path: 204, 400 or 404, and 401 without an access token',
  async () => {
    const seen = new Set<number>();
    await fc.assert(
      fc.asyncProperty(anyPath, async (target) => {
        const status = await statusOf(gateway.url, [...post(target), authorization]);
        seen.add(status);
        expect([204, 400, 404]).toContain(status);
        expect([400, 401, 404]).toContain(await statusOf(gateway.url, post(target)));
      }),
      { ...RUNS, examples: [[notifyPath('', '%ZZ', '//')], [notifyPath('%', '', '%2F')], [notifyPath()]] },
    );
    // The paths have not all been refused for the same reason.
    expect(seen.size).toBeGreaterThan(1);
  },
  TIMEOUT_MS,
);

test(
  'any path with the ids in D1’s format, be they percent-encoded or not, is none to refuse',
  async () => {
    const encoded = (characters: string): fc.Arbitrary<string> =>
      fc.boolean().map((encode) => (encode ? `%${characters.charCodeAt(0).toString(16)}` : characters));
    const id = (min: number, max: number): fc.Arbitrary<string> =>
      fc
        .array(characterOf('abcdefXYZ0189_-').chain(encoded), { minLength: min, maxLength: max })
        .map((characters) => characters.join(''));
    await fc.assert(
      fc.asyncProperty(id(10, 10), id(11, 11), id(1, 48), async (...ids) => {
        expect(await statusOf(gateway.url, [...post(notifyPath(...ids)), authorization])).toBe(404);
      }),
      RUNS,
    );
  },
  TIMEOUT_MS,
);

test(
  'any bytes that begin like a request: a status of the contract',
  async () => {
    const method = fc.constantFrom('POST', 'GET', 'PUT', 'DELETE', 'HEAD', 'OPTIONS', 'PATCH', 'QUERY', 'post', 'BREW');
    const version = fc.constantFrom('HTTP/1.1', 'HTTP/1.0', 'HTTP/2.0', 'HTTP/1.', '');
    await fc.assert(
      fc.asyncProperty(
        method,
        anyPath,
        version,
        fc.array(anyText, { maxLength: 4 }),
        async (method, target, version, lines) => {
          const status = await statusOf(gateway.url, [`${method} ${target} ${version}`, 'Host: gateway', ...lines]);
          expect([400, 401, 404, 405]).toContain(status);
        },
      ),
      RUNS,
    );
  },
  TIMEOUT_MS,
);
