import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { D1_CLIENT, TestGateway } from '../../support/test-gateway.js';
import { askForToken, badRequest, granted, INVALID_CLIENT, seen } from './token-call.js';

// Wrong credentials are answered after 0.1 s each: so many headers at once, and not too often.
const AT_ONCE = 24;
const RUNS = 12;
const TIMEOUT_MS = 60_000;

const REFUSED_AS_MALFORMED = badRequest(expect.stringMatching(/^Authorization /) as string);

const bytes = fc.uint8Array({ maxLength: 60 }).map((values) => Buffer.from(values));
/** What HTTP lets a header hold. */
const headerText = fc
  .array(fc.constantFrom(...range(0x20, 0x7e), ...range(0x80, 0xff), '\t'), { maxLength: 60 })
  .map((characters) => characters.join(''));
const scheme = fc.constantFrom('Basic', 'basic', 'BASIC', 'Bearer', 'Digest', 'B', '', 'Basic Basic', 'Basic=');
const separator = fc.constantFrom(' ', '  ', '\t', '', ':', ',');
const escape = fc.integer({ min: 0, max: 255 }).map((byte) => `%${byte.toString(16).padStart(2, '0')}`);
const part = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 20 }),
  fc
    .array(fc.oneof(escape, fc.constantFrom('+', '%', '%2', D1_CLIENT, ':')), { maxLength: 6 })
    .map((all) => all.join('')),
  fc.constantFrom(D1_CLIENT, 'is_tbank0', '__proto__', 'operator'),
);
const credentials = fc.tuple(part, part).map((parts) => Buffer.from(parts.join(':')));
const encoding = fc.constantFrom<BufferEncoding>('base64', 'base64url', 'hex', 'latin1');
const encoded = fc
  .tuple(fc.oneof(credentials, bytes), encoding, fc.constantFrom('', '=', '==', '===', ' ', '!'))
  .map(([content, encoding, tail]) => content.toString(encoding).replaceAll(/[\r\n\0]/g, '') + tail);

const authorization = fc
  .oneof(
    headerText,
    fc.tuple(scheme, separator, fc.oneof(encoded, headerText)).map((parts) => parts.join('')),
    encoded.map((text) => `Basic ${text}`),
  )
  .filter((text) => /^[\t\x20-\x7E\x80-\xFF]*$/.test(text));

describe('any Authorization header', () => {
  let gateway: TestGateway;
  let right: string;
  beforeAll(async () => {
    gateway = await TestGateway.start({ env: { GUESS_LIMIT_PER_MINUTE: '100000' } });
    right = `${D1_CLIENT}:${gateway.secretOf(D1_CLIENT)}`;
  });
  afterAll(() => gateway.close());

  const present = async (authorization: string): Promise<object> => seen(await askForToken(gateway, { authorization }));

  it(
    'that is made up is refused as malformed or as wrong, and the gateway goes on',
    async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(authorization, { minLength: AT_ONCE, maxLength: AT_ONCE }), async (headers) => {
          const answers = await Promise.all(headers.map(present));
          for (const [index, answer] of answers.entries()) {
            const { status } = answer as { status: number };
            const refused = status === 400 ? REFUSED_AS_MALFORMED : INVALID_CLIENT;
            expect([headers[index], answer]).toEqual([headers[index], refused]);
          }
          expect(seen(await askForToken(gateway))).toEqual(granted());
        }),
        { numRuns: RUNS, interruptAfterTimeLimit: TIMEOUT_MS / 2 },
      );
    },
    TIMEOUT_MS,
  );

  it(
    'that is the right one but for one character is refused, unless it decodes to the same',
    async () => {
      const header = `Basic ${Buffer.from(right).toString('base64')}`;
      const change = fc.record({
        at: fc.nat({ max: header.length - 1 }),
        by: fc.oneof(fc.constant(''), fc.constantFrom(...range(0x20, 0x7e))),
      });
      await fc.assert(
        fc.asyncProperty(fc.array(change, { minLength: AT_ONCE, maxLength: AT_ONCE }), async (changes) => {
          const headers = changes.map(({ at, by }) => header.slice(0, at) + by + header.slice(at + 1));
          const answers = (await Promise.all(headers.map(present))) as { status: number }[];
          for (const [index, { status }] of answers.entries()) {
            const [scheme, text = ''] = (headers[index] ?? '').split(/ (.*)/);
            const same = scheme?.toLowerCase() === 'basic' && Buffer.from(text, 'base64').toString() === right;
            if (!same) expect([headers[index], [400, 401].includes(status)]).toEqual([headers[index], true]);
          }
        }),
        { numRuns: RUNS, interruptAfterTimeLimit: TIMEOUT_MS / 2 },
      );
    },
    TIMEOUT_MS,
  );
});

function range(from: number, to: number): string[] {
  return Array.from({ length: to - from + 1 }, (_, offset) => String.fromCharCode(from + offset));
}
