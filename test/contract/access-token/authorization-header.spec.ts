import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { D1_CLIENT, TestGateway } from '../../support/test-gateway.js';
import { askForToken, badRequest, INVALID_CLIENT, seen } from './token-call.js';

const NO_SCHEME = 'Authorization is not a scheme with credentials';
const NO_BASE64 = 'Authorization is not base64';
const NO_UTF8 = 'Authorization is not UTF-8';
const CONTROL = 'Authorization holds control characters';
const NO_COLON = 'Authorization has no colon';

const encoded = (content: string | Buffer): string => `Basic ${Buffer.from(content).toString('base64')}`;
const bytes = (...values: number[]): string => encoded(Buffer.from([...Buffer.from('is_tbank01:'), ...values]));

describe('an Authorization header that holds no Basic credentials', () => {
  let gateway: TestGateway;
  let credentials: string;
  beforeAll(async () => {
    gateway = await TestGateway.start();
    credentials = Buffer.from(`${D1_CLIENT}:${gateway.secretOf(D1_CLIENT)}`).toString('base64');
  });
  afterAll(() => gateway.close());

  it.each([
    ['a word of garbage', 'garbage', NO_SCHEME],
    ['base64 without a scheme', 'aXNfdGJhbmswMToxMjM=', NO_SCHEME],
    ['no scheme but punctuation', '"=,; x', NO_SCHEME],
    ['bytes beyond ASCII', 'B\xE4sic eDp5', NO_SCHEME],
    ['a tab between', 'Basic\teDp5', NO_SCHEME],
    ['a colon between', 'Basic:eDp5', NO_SCHEME],
    ['the scheme alone', 'Basic', NO_BASE64],
    ['characters of no base64', 'Basic is_tbank01:123', NO_BASE64],
    ['one character', 'Basic a', NO_BASE64],
    ['a length that no base64 has', 'Basic eDp5e', NO_BASE64],
    ['nothing but padding', 'Basic ==', NO_BASE64],
    ['padding in the middle', 'Basic eD=p5', NO_BASE64],
    ['too much padding', 'Basic eDp5===', NO_BASE64],
    ['two of them', 'Basic eDp5 eDp5', NO_BASE64],
    ['another scheme after it', 'Basic eDp5, Bearer x', NO_BASE64],
    ['no colon', encoded('is_tbank01'), NO_COLON],
    ['a byte that no UTF-8 has', bytes(0xff), NO_UTF8],
    ['Latin-1', encoded(Buffer.from('is_tbank01:\xFC', 'latin1')), NO_UTF8],
    ['UTF-8 cut off', bytes(0xc3), NO_UTF8],
    ['UTF-8 longer than need be', bytes(0xc0, 0x80), NO_UTF8],
    ['a surrogate in UTF-8', bytes(0xed, 0xa0, 0x80), NO_UTF8],
    ['no UTF-8 and no colon', encoded(Buffer.from([0xff, 0xfe])), NO_UTF8],
    ['NUL in the secret', encoded('is_tbank01:\0'), CONTROL],
    ['NUL in the id', encoded('is_tbank01\0:123'), CONTROL],
    ['a line break', encoded('is_tbank01:123\r\n'), CONTROL],
    ['DEL', encoded('is_tbank01:\x7F'), CONTROL],
  ])('is malformed: %s', async (_name, authorization, description) => {
    expect(seen(await askForToken(gateway, { authorization }))).toEqual(badRequest(description));
  });

  it.each([
    ['no header', () => null],
    ['an empty one', () => ''],
    ['spaces', () => '   '],
    ['Bearer', () => 'Bearer eyJhbGciOiJub25lIn0.e30.'],
    ['Bearer before good credentials', () => `Bearer ${credentials}`],
    ['Digest', () => 'Digest username="is_tbank01", realm="x"'],
    ['a scheme that ends like it', () => `NotBasic ${credentials}`],
    ['a scheme that begins like it', () => `Basically ${credentials}`],
    ['another scheme before it', () => `Bearer Basic ${credentials}`],
  ])('is as good as none: %s', async (_name, authorization) => {
    expect(seen(await askForToken(gateway, { authorization: authorization() }))).toEqual(INVALID_CLIENT);
  });

  it('is what the answer is about, whatever else is wrong', async () => {
    const elseWrong = { contentType: 'application/json', form: '{' };
    expect(seen(await askForToken(gateway, { authorization: 'Basic', ...elseWrong }))).toEqual(badRequest(NO_BASE64));
    expect(seen(await askForToken(gateway, { authorization: null, ...elseWrong }))).toEqual(INVALID_CLIENT);
    const wrong = encoded('is_tbank01:wrong');
    expect(seen(await askForToken(gateway, { authorization: wrong, ...elseWrong }))).toEqual(INVALID_CLIENT);
  });
});
