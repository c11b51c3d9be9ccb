import { generateKeyPair, type CryptoKey } from 'jose';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { TestGateway } from '../../support/test-gateway.js';
import {
  accessTokenOf,
  base64url,
  publicKeyAsSecrets,
  unsignedAccessToken,
  withPart,
  type Forgery,
} from './access-token.js';
import { accepted, unauthorized } from './answers.js';
import { notify, type Seen } from './notify.js';
import { forgetRecords, notification, NOTHING, records } from './records.js';

let gateway: TestGateway;
let strangersKey: CryptoKey;

beforeAll(async () => {
  gateway = await TestGateway.start();
  ({ privateKey: strangersKey } = await generateKeyPair('ES256'));
});
afterEach(() => forgetRecords(gateway));
afterAll(() => gateway.close());

const notifyWith = (accessToken: string): Promise<Seen> =>
  notify(gateway, { headers: { authorization: `Bearer ${accessToken}` } });

async function expectRefused(accessToken: string): Promise<void> {
  expect(await notifyWith(accessToken)).toEqual(unauthorized());
  expect(await records(gateway)).toEqual(NOTHING);
}

describe('good: what the others differ from in one point', () => {
  const good: [string, Forgery][] = [
    ['an access token with the claims and the key of this gateway', {}],
    ['its type with the prefix of a media type (RFC 9068, section 4)', { header: { typ: 'application/at+jwt' } }],
    [
      'several audiences, this gateway among them',
      { claims: { aud: ['https://other.example', 'http://localhost:0'] } },
    ],
    ['several scopes', { claims: { scope: 'gateway:operate d1:notify' } }],
    ['valid since now', { claims: { nbf: 0 } }],
    ['claims that nobody knows', { claims: { acr: 'high', amr: ['x'] } }],
  ];
  test.each(good)('%s', async (_, forgery) => {
    expect(await notifyWith(await accessTokenOf(gateway, forgery))).toEqual(accepted());
    expect(await records(gateway)).toEqual({ ...NOTHING, notifications: [notification(gateway)] });
  });
});

describe('401 for another signature, and nothing is recorded', () => {
  test("somebody else's key under this gateway's key id", async () => {
    await expectRefused(await accessTokenOf(gateway, { key: strangersKey }));
  });

  test('a key that the access token brings along itself', async () => {
    const { privateKey, publicKey } = await generateKeyPair('ES256', { extractable: true });
    const jwk = await crypto.subtle.exportKey('jwk', publicKey);
    await expectRefused(await accessTokenOf(gateway, { key: privateKey, header: { jwk } }));
    await expectRefused(await accessTokenOf(gateway, { key: privateKey, header: { jwk, kid: undefined } }));
  });

  test('an unknown key id, and none', async () => {
    await expectRefused(await accessTokenOf(gateway, { header: { kid: 'unknown' } }));
    await expectRefused(await accessTokenOf(gateway, { header: { kid: undefined } }));
    await expectRefused(await accessTokenOf(gateway, { header: { kid: 7 } }));
  });

  test.each(['none', 'None', 'nOnE', 'ES256'])('no signature, and alg %s', async (algorithm) => {
    await expectRefused(unsignedAccessToken(gateway, algorithm));
  });

  test('HS256 with the public key for a secret', async () => {
    const { pem, jwk } = await publicKeyAsSecrets(gateway);
    await expectRefused(await accessTokenOf(gateway, { header: { alg: 'HS256' }, key: pem }));
    await expectRefused(await accessTokenOf(gateway, { header: { alg: 'HS256' }, key: jwk }));
  });

  test('another algorithm', async () => {
    const { privateKey } = await generateKeyPair('EdDSA');
    await expectRefused(await accessTokenOf(gateway, { header: { alg: 'EdDSA' }, key: privateKey }));
  });

  test('a header parameter that must be understood and is not (RFC 7515, section 4.1.11)', async () => {
    await expectRefused(await accessTokenOf(gateway, { header: { crit: ['d1'], d1: 1 } }));
  });

  test('a good one with one part changed', async () => {
    const good = await accessTokenOf(gateway);
    const promoted = base64url(JSON.stringify({ ...claimsIn(good), client_id: 'other_bank' }));
    const flipped = (text: string): string => (text.startsWith('A') ? 'B' : 'A') + text.slice(1);
    await expectRefused(withPart(good, 1, () => promoted));
    await expectRefused(withPart(good, 2, flipped));
    await expectRefused(withPart(good, 2, () => ''));
    await expectRefused(withPart(good, 2, (text) => text.slice(0, -4)));
    await expectRefused(withPart(good, 0, () => base64url('{"alg":"ES256"')));
    // The good one was none of these, and is still good.
    expect(await notifyWith(good)).toEqual(accepted());
  });
});

describe('401 for other claims under the right signature, and nothing is recorded', () => {
  const missing = ['iss', 'aud', 'exp', 'iat', 'sub', 'jti', 'client_id', 'scope'];
  test.each(missing)('without %s', async (claim) => {
    await expectRefused(await accessTokenOf(gateway, { claims: { [claim]: undefined } }));
  });

  const wrong: [string, Forgery][] = [
    ['another issuer', { claims: { iss: 'https://other.example' } }],
    ['an issuer that only begins right', { claims: { iss: 'http://localhost:01' } }],
    ['another audience', { claims: { aud: 'https://other.example' } }],
    ['several other audiences', { claims: { aud: ['https://a.example', 'https://b.example'] } }],
    ['no audience at all', { claims: { aud: [] } }],
    ['the type of an ID token', { header: { typ: 'JWT' } }],
    ['no type', { header: { typ: undefined } }],
    ['an expiry that is a text', { claims: { exp: '4102444800' } }],
    ['a client id that is a number', { claims: { client_id: 7 } }],
    ['scopes as a list', { claims: { scope: ['d1:notify'] } }],
    ['a client that there is not', { claims: { client_id: 'nobody' } }],
    ['claims that are no object', { payload: '["d1:notify"]' }],
    ['claims that are no JSON', { payload: 'd1:notify' }],
    ['bound to a key, which is not checked here (RFC 9449)', { claims: { cnf: { jkt: 'x' } } }],
    ['bound to a certificate that has not come with it', { claims: { cnf: { 'x5t#S256': 'x'.repeat(43) } } }],
    ['bound to nothing that could be read', { claims: { cnf: null } }],
  ];
  test.each(wrong)('%s', async (_, forgery) => {
    await expectRefused(await accessTokenOf(gateway, forgery));
  });
});

describe('401 with error="insufficient_scope" for the wrong scope, and nothing is recorded', () => {
  test("an operator's access token", async () => {
    expect(await notifyWith(await gateway.accessToken('operator'))).toEqual(unauthorized('insufficient_scope'));
    expect(await records(gateway)).toEqual(NOTHING);
  });

  const scopes = [
    'gateway:operate',
    '',
    'd1:notify-more',
    'D1:NOTIFY',
    'd1',
    'xd1:notify',
    'd1:notify,gateway:operate',
  ];
  test.each(scopes)('an access token of D1 itself for the scope "%s"', async (scope) => {
    const accessToken = await accessTokenOf(gateway, { claims: { scope } });
    expect(await notifyWith(accessToken)).toEqual(unauthorized('insufficient_scope'));
    expect(await records(gateway)).toEqual(NOTHING);
  });
});

function claimsIn(accessToken: string): object {
  return JSON.parse(Buffer.from(accessToken.split('.')[1] ?? '', 'base64url').toString()) as object;
}
