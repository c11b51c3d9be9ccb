import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { basic, D1_CLIENT, PROVISION, TestGateway } from '../../support/test-gateway.js';
import { askForToken, granted, INVALID_CLIENT, seen } from './token-call.js';

/** A colon, and all that form encoding would change. */
const AWKWARD = { clientId: 'awkward', clientSecret: 'se:cr+et%41ü' };
const AWKWARD_ID = { clientId: 'awk+ward%41', clientSecret: 'plain' };
/** In base64 it needs the characters in which the two alphabets differ, and padding. */
const ALPHABETS = { clientId: 'alphabets', clientSecret: '~~>>??ûþ??' };
const NO_FORM_ENCODING = { clientId: 'no_encoding', clientSecret: '100%' };
const SPACED = { clientId: 'spaced', clientSecret: ' a  b ' };

const CHOSEN = [AWKWARD, AWKWARD_ID, ALPHABETS, NO_FORM_ENCODING, SPACED];

const base64 = (text: string): string => Buffer.from(text).toString('base64');
const unpadded = (encoded: string): string => encoded.replace(/=+$/, '');
const urlSafe = (encoded: string): string => encoded.replaceAll('+', '-').replaceAll('/', '_');

describe('Basic credentials', () => {
  let gateway: TestGateway;
  beforeAll(async () => {
    const clients = [...PROVISION.clients, ...CHOSEN.map((client) => ({ ...client, scopes: ['d1:notify'] }))];
    gateway = await TestGateway.start({
      provision: { ...PROVISION, clients },
      env: { GUESS_LIMIT_PER_MINUTE: '100000' },
    });
  });
  afterAll(() => gateway.close());

  const present = async (authorization: string): Promise<object> => seen(await askForToken(gateway, { authorization }));
  const presentText = (text: string): Promise<object> => present(`Basic ${base64(text)}`);

  it('are good with a generated secret', async () => {
    expect(await present(basic(D1_CLIENT, gateway.secretOf(D1_CLIENT)))).toEqual(granted());
  });

  it.each(CHOSEN)('are good with the chosen secret of $clientId, each time', async ({ clientId, clientSecret }) => {
    expect(await present(basic(clientId, clientSecret))).toEqual(granted());
    expect(await present(basic(clientId, clientSecret))).toEqual(granted());
  });

  describe('in either alphabet of base64, padded or not', () => {
    const encoded = base64(`${ALPHABETS.clientId}:${ALPHABETS.clientSecret}`);

    it('of which the example shows the difference', () => {
      expect(encoded).toMatch(/\+.*\/.*==$/);
    });

    it.each([
      ['base64', encoded],
      ['base64 without padding', unpadded(encoded)],
      ['base64url', urlSafe(unpadded(encoded))],
      ['base64url with padding', urlSafe(encoded)],
    ])('%s', async (_name, text) => {
      expect(await present(`Basic ${text}`)).toEqual(granted());
    });
  });

  it.each(['basic', 'BASIC', 'bAsIc'])('are good with the scheme written %s', async (scheme) => {
    const encoded = base64(`${D1_CLIENT}:${gateway.secretOf(D1_CLIENT)}`);
    expect(await present(`${scheme} ${encoded}`)).toEqual(granted());
  });

  it('may stand apart from their scheme by several spaces (RFC 9110, section 11.4)', async () => {
    const encoded = base64(`${D1_CLIENT}:${gateway.secretOf(D1_CLIENT)}`);
    expect(await present(`Basic   ${encoded}`)).toEqual(granted());
  });

  it.each([
    ['as they are', 'awkward:se:cr+et%41ü'],
    ['form-encoded (RFC 6749, section 2.3.1)', 'awkward:se%3Acr%2Bet%2541%C3%BC'],
    ['form-encoded in lower case', 'awkward:se%3acr%2bet%2541%c3%bc'],
    ['form-encoded more than need be', '%61wkward:%73e%3Acr%2Bet%2541%C3%BC'],
    ['with an awkward id, as they are', 'awk+ward%41:plain'],
    ['with an awkward id, form-encoded', 'awk%2Bward%2541:plain'],
    ['with spaces, as they are', 'spaced: a  b '],
    ['with spaces, form-encoded to plus', 'spaced:+a++b+'],
    ['with spaces, form-encoded to %20', 'spaced:%20a%20%20b%20'],
  ])('are good %s', async (_name, text) => {
    expect(await presentText(text)).toEqual(granted());
  });

  it.each([
    ['only what stands before the second colon', 'awkward:se'],
    ['only what stands after the second colon', 'awkward:cr+et%41ü'],
    ['the end cut off', 'awkward:se:cr+et%41'],
    ['something after it', 'awkward:se:cr+et%41ü:'],
    ['its plus read as a space', 'awkward:se:cr et%41ü'],
    ['its %41 read as A', 'awkward:se:cr+etAü'],
    ['form encoding applied twice', 'awkward:se%253Acr%252Bet%252541%25C3%25BC'],
    ['another case', 'awkward:SE:CR+ET%41Ü'],
    ['the same letter in another Unicode form', 'awkward:se:cr+et%41u\u0308'],
    ['a space before', 'awkward: se:cr+et%41ü'],
    ['its spaces taken off', 'spaced:a  b'],
    ['an id that is form-encoded beside a secret that is not', '%61wkward:se:cr+et%41ü'],
  ])('are wrong where a chosen secret comes with %s', async (_name, text) => {
    expect(await presentText(text)).toEqual(INVALID_CLIENT);
  });
});
