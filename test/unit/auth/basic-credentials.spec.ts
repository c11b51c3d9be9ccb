import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseBasicAuthorization } from '../../../src/auth/token-endpoint/basic-credentials.js';

// oxlint-disable-next-line no-control-regex -- what RFC 7617 forbids
const text = fc.string({ unit: 'grapheme' }).filter((value) => !/[\u0000-\u001F\u007F]/.test(value));
const secret = text;
const id = text.filter((value) => !value.includes(':'));
const spelling = fc.record({
  scheme: fc.constantFrom('Basic', 'basic', 'BASIC'),
  spaces: fc.constantFrom(' ', '   '),
  alphabet: fc.constantFrom<BufferEncoding>('base64', 'base64url'),
  padded: fc.boolean(),
});
type Spelling = typeof spelling extends fc.Arbitrary<infer T> ? T : never;

function spell(content: string, { scheme, spaces, alphabet, padded }: Spelling): string {
  const encoded = Buffer.from(content).toString(alphabet).replaceAll('=', '');
  return scheme + spaces + encoded + (padded ? '='.repeat((4 - (encoded.length % 4)) % 4) : '');
}

const formEncode = (value: string): string => encodeURIComponent(value).replaceAll('%20', '+');

describe('the Basic credentials of a header', () => {
  it('are read back, however they are spelled', () => {
    fc.assert(
      fc.property(id, secret, spelling, (clientId, clientSecret, spelling) => {
        const parsed = parseBasicAuthorization(spell(`${clientId}:${clientSecret}`, spelling));
        expect(parsed.kind === 'basic' && parsed.readings[0]).toEqual({ clientId, clientSecret });
      }),
    );
  });

  it('are read back where both parts are form-encoded', () => {
    fc.assert(
      fc.property(text, secret, spelling, (clientId, clientSecret, spelling) => {
        const parsed = parseBasicAuthorization(spell(`${formEncode(clientId)}:${formEncode(clientSecret)}`, spelling));
        expect(parsed.kind === 'basic' && parsed.readings).toContainEqual({ clientId, clientSecret });
      }),
    );
  });

  it('have two readings where form decoding makes a difference, and one where it makes none', () => {
    const readings = (content: string): unknown => {
      const parsed = parseBasicAuthorization(`Basic ${Buffer.from(content).toString('base64')}`);
      return parsed.kind === 'basic' && parsed.readings;
    };
    expect(readings('is_tbank01:123')).toEqual([{ clientId: 'is_tbank01', clientSecret: '123' }]);
    expect(readings('a+b:c%3Ad:e')).toEqual([
      { clientId: 'a+b', clientSecret: 'c%3Ad:e' },
      { clientId: 'a b', clientSecret: 'c:d:e' },
    ]);
    expect(readings('a+b:100%')).toEqual([{ clientId: 'a+b', clientSecret: '100%' }]);
    expect(readings('a+b:%FF')).toEqual([{ clientId: 'a+b', clientSecret: '%FF' }]);
    expect(readings('a+b:%00')).toEqual([{ clientId: 'a+b', clientSecret: '%00' }]);
    expect(readings('a%7f:b')).toEqual([{ clientId: 'a%7f', clientSecret: 'b' }]);
  });

  it("are those of the example in D1's documentation", () => {
    expect(parseBasicAuthorization('Basic aXNfdGJhbmswMToxMjM=')).toEqual({
      kind: 'basic',
      readings: [{ clientId: 'is_tbank01', clientSecret: '123' }],
    });
  });
});

describe('a header without Basic credentials', () => {
  it.each([undefined, '', '  ', 'Bearer x', 'NotBasic eDp5', 'Basically eDp5'])('has none: %j', (header) => {
    expect(parseBasicAuthorization(header)).toEqual({ kind: 'absent' });
  });

  it('is told by what is wrong with it first', () => {
    const reason = (header: string): unknown => {
      const parsed = parseBasicAuthorization(header);
      return parsed.kind === 'malformed' ? parsed.reason : parsed;
    };
    const encode = (content: Buffer | string): string => `Basic ${Buffer.from(content).toString('base64')}`;
    expect(reason('Basic')).toBe('Authorization is not base64');
    expect(reason('eDp5')).toBe('Authorization is not a scheme with credentials');
    expect(reason(encode(Buffer.from([0xff, 0x00])))).toBe('Authorization is not UTF-8');
    expect(reason(encode('\0'))).toBe('Authorization holds control characters');
    expect(reason(encode('no colon'))).toBe('Authorization has no colon');
  });

  it('never makes the parser fail, nor quotes the header', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: 'binary' }),
          text.map((value) => `Basic ${value}`),
        ),
        (header) => {
          const parsed = parseBasicAuthorization(header);
          if (parsed.kind === 'malformed') expect(parsed.reason).toMatch(/^Authorization [a-z][A-Za-z0-9 -]+$/);
          else expect(['absent', 'basic']).toContain(parsed.kind);
        },
      ),
      { numRuns: 1000 },
    );
  });
});
