import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { send } from '../../support/http.js';
import { basic, D1_CLIENT, TestGateway } from '../../support/test-gateway.js';
import { makeCertificates, sessionOf, type Certificates, type ClientTls } from '../../support/tls.js';
import { accepted, offPattern, UNKNOWN_TOKEN, unauthorized } from './answers.js';
import { notify, type NotifyCall } from './notify.js';
import { forgetRecords, notification, NOTHING, records, unmatched } from './records.js';

let certificates: Certificates;
let gateway: TestGateway;

beforeAll(() => {
  certificates = makeCertificates();
});
afterAll(() => certificates.remove());

const WRONG = ['none', 'expired', 'stranger', 'selfSigned'] as const;

describe('D1_AUTHENTICATION=mtls', () => {
  beforeAll(async () => {
    gateway = await TestGateway.start({ env: { ...certificates.env, D1_AUTHENTICATION: 'mtls' } });
  });
  afterEach(() => forgetRecords(gateway));
  afterAll(() => gateway.close());

  test.each(['TLSv1.2', 'TLSv1.3'] as const)(
    'the right certificate is enough, over %s; no client is known then',
    async (version) => {
      const tls = { ...certificates.right, minVersion: version, maxVersion: version };
      expect(await notify(gateway, { tls })).toEqual(accepted());
      expect(await records(gateway)).toEqual({
        ...NOTHING,
        notifications: [notification(gateway, { client_id: null })],
      });
    },
  );

  test('it may speak for every merchant gateway', async () => {
    const other = { merchantGatewayId: 'MGW_000002', merchantId: '20610027312', tokenId: 'other-token' };
    expect(await notify(gateway, { ...other, tls: certificates.right })).toEqual(accepted());
    expect(await notify(gateway, { tokenId: 'unknown', tls: certificates.right })).toEqual(UNKNOWN_TOKEN);
    expect((await records(gateway)).unmatched).toEqual([
      unmatched(gateway, { token_id: 'unknown', client_id: null, reason: 'UNKNOWN_TOKEN' }),
    ]);
  });

  test('the checks that follow are made', async () => {
    expect(await notify(gateway, { merchantId: 'short', tls: certificates.right })).toEqual(offPattern('merchantId'));
  });

  test.each(WRONG)('401 with the certificate "%s", before anything else is looked at', async (name) => {
    const tls = certificates[name];
    expect(await notify(gateway, { tls })).toEqual(unauthorized());
    expect(await notify(gateway, { tls, merchantId: 'short', body: Buffer.alloc(1024 * 1024) })).toEqual(
      unauthorized(),
    );
    expect(await records(gateway)).toEqual(NOTHING);
  });

  // OpenSSL takes a resumed TLS 1.3 session without a certificate to be verified, and node says "authorized".
  test.each(WRONG)('401 in a session that was begun with the certificate "%s" and is resumed', async (name) => {
    const session = await sessionOf(gateway.url, certificates[name]);
    expect(await notify(gateway, { tls: { ...certificates.none, session } })).toEqual(unauthorized());
    expect(await notify(gateway, { tls: { ...certificates[name], session } })).toEqual(unauthorized());
    expect(await records(gateway)).toEqual(NOTHING);
  });

  test('a session that was begun with the right certificate can be resumed', async () => {
    const session = await sessionOf(gateway.url, certificates.right);
    expect(await notify(gateway, { tls: { ...certificates.none, session } })).toEqual(accepted());
  });
});

describe('D1_AUTHENTICATION=oauth+mtls', () => {
  let authorization: string;

  beforeAll(async () => {
    gateway = await TestGateway.start({ env: { ...certificates.env, D1_AUTHENTICATION: 'oauth+mtls' } });
    authorization = `Bearer ${await accessTokenOver(certificates.right)}`;
  });
  afterEach(() => forgetRecords(gateway));
  afterAll(() => gateway.close());

  async function accessTokenOver(tls: ClientTls): Promise<string> {
    const answer = await send(gateway.url, '/oauth2/token', {
      headers: {
        authorization: basic(D1_CLIENT, gateway.secretOf(D1_CLIENT)),
        'content-type': 'application/x-www-form-urlencoded',
      },
      body: 'grant_type=client_credentials',
      tls,
    });
    return answer.json<{ access_token: string }>().access_token;
  }

  test('both are good: 204, and the client is kept', async () => {
    expect(await notify(gateway, { tls: certificates.right, headers: { authorization } })).toEqual(accepted());
    expect(await records(gateway)).toEqual({ ...NOTHING, notifications: [notification(gateway)] });
  });

  test.each(WRONG)('401 with the certificate "%s", however good the access token', async (name) => {
    expect(await notify(gateway, { tls: certificates[name], headers: { authorization } })).toEqual(unauthorized());
    expect(await records(gateway)).toEqual(NOTHING);
  });

  test.each([null, 'Bearer bad'])('401 with the Authorization header %s, however good the certificate', async (bad) => {
    const call: NotifyCall = { tls: certificates.right, headers: { authorization: bad } };
    expect(await notify(gateway, call)).toEqual(unauthorized());
    expect(await records(gateway)).toEqual(NOTHING);
  });
});

describe('D1_AUTHENTICATION=oauth, the default, over TLS', () => {
  beforeAll(async () => {
    gateway = await TestGateway.start({ env: certificates.env });
  });
  afterAll(() => gateway.close());

  test('a certificate is no substitute for an access token', async () => {
    expect(await notify(gateway, { tls: certificates.right })).toEqual(unauthorized());
    expect(await records(gateway)).toEqual(NOTHING);
  });
});

describe('D1_AUTHENTICATION=trusted-network', () => {
  beforeAll(async () => {
    gateway = await TestGateway.start({ env: { D1_AUTHENTICATION: 'trusted-network' } });
  });
  afterEach(() => forgetRecords(gateway));
  afterAll(() => gateway.close());

  test.each([null, 'Bearer bad', 'nonsense'])(
    '204 whatever the Authorization header says: %s',
    async (authorization) => {
      expect(await notify(gateway, { headers: { authorization } })).toEqual(accepted());
      expect(await records(gateway)).toEqual({
        ...NOTHING,
        notifications: [notification(gateway, { client_id: null })],
      });
    },
  );

  test('the checks that follow are made', async () => {
    expect(await notify(gateway, { tokenId: 'a'.repeat(49) })).toEqual(offPattern('tokenId'));
    expect(await notify(gateway, { tokenId: 'unknown' })).toEqual(UNKNOWN_TOKEN);
  });
});
