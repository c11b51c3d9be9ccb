import { X509Certificate } from 'node:crypto';
import { decodeJwt } from 'jose';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { MtlsWorld } from '../../support/mtls-world.js';
import { send } from '../../support/http.js';
import { basic, D1_CLIENT, PROVISION, TestGateway } from '../../support/test-gateway.js';
import type { ClientTls } from '../../support/tls.js';
import { accepted, UNKNOWN_MERCHANT, UNKNOWN_TOKEN, unauthorized } from './answers.js';
import { notify, type Seen } from './notify.js';

let world: MtlsWorld;
let gateway: TestGateway;

beforeAll(() => {
  world = new MtlsWorld();
});
afterAll(() => world.remove());

const MONITORING = 'a secret of the monitoring';

async function accessToken(tls: ClientTls, clientId = D1_CLIENT, secret = gateway.secretOf(clientId)): Promise<string> {
  const authorization = basic(clientId, secret);
  const headers = { authorization, 'content-type': 'application/x-www-form-urlencoded' };
  const answer = await send(gateway.url, '/oauth2/token', { headers, body: 'grant_type=client_credentials', tls });
  return answer.json<{ access_token: string }>().access_token;
}

const GATEWAY_B = { merchantGatewayId: 'MGW_000002', merchantId: '20610027312', tokenId: 'other-token' };
const UNKNOWN_GATEWAY = { merchantGatewayId: 'MGW_000009', merchantId: '20610027312', tokenId: 'other-token' };

const call = (tls: ClientTls, token?: string, ids: object = {}): Promise<Seen> =>
  notify(gateway, { tls, ...ids, headers: { authorization: token === undefined ? null : `Bearer ${token}` } });

describe('D1_AUTHENTICATION=oauth+mtls: an access token is bound to the certificate (RFC 8705)', () => {
  beforeAll(async () => {
    gateway = await TestGateway.start({ env: { ...world.env, D1_AUTHENTICATION: 'oauth+mtls' } });
  });
  afterAll(() => gateway.close());

  test('it names the certificate, and is good with it', async () => {
    const token = await accessToken(world.right);
    const { fingerprint256 } = new X509Certificate(world.right.cert);
    const thumbprint = Buffer.from(fingerprint256.replaceAll(':', ''), 'hex').toString('base64url');
    expect(decodeJwt(token).cnf).toEqual({ 'x5t#S256': thumbprint });
    for (let times = 0; times < 2; times += 1) expect(await call(world.right, token)).toEqual(accepted());
  });

  test('401 with another certificate, however good', async () => {
    const token = await accessToken(world.right);
    expect(await call(world.byIntermediate, token)).toEqual(unauthorized());
    // Remembered now, and no better for it.
    expect(await call(world.right, token)).toEqual(accepted());
    expect(await call(world.byIntermediate, token)).toEqual(unauthorized());
  });

  test('each certificate gets its own, and the same again', async () => {
    const [one, other] = [await accessToken(world.right), await accessToken(world.byIntermediate)];
    expect(one).not.toBe(other);
    expect(await accessToken(world.right)).toBe(one);
    expect(await call(world.byIntermediate, other)).toEqual(accepted());
  });

  test.each(['none', 'stranger'] as const)('401 with one that was fetched with the certificate "%s"', async (name) => {
    const token = await accessToken(world[name]);
    expect(decodeJwt(token).cnf).toBeUndefined();
    expect(await call(world.right, token)).toEqual(unauthorized());
  });

  test('an operator’s is checked, too', async () => {
    const headers = { authorization: `Bearer ${await accessToken(world.right, 'operator')}` };
    const search = (tls: ClientTls): Promise<{ status: number }> =>
      send(gateway.url, '/operations/notifications', { method: 'GET', headers, tls });
    expect((await search(world.right)).status).toBe(200);
    expect((await search(world.none)).status).toBe(401);
  });
});

test('an access token that is bound is good for the metrics with its certificate only', async () => {
  const clients = [
    { clientId: 'monitoring', clientSecret: MONITORING, scopes: ['gateway:read'], merchantGateways: ['*'] },
  ];
  gateway = await TestGateway.start({
    provision: { ...PROVISION, clients },
    env: {
      ...world.env,
      D1_AUTHENTICATION: 'oauth+mtls',
      NODE_ENV: 'production',
      PUBLIC_URL: 'https://gateway.example',
      MASTER_KEY: 'A'.repeat(43),
    },
  });
  const headers = { authorization: `Bearer ${await accessToken(world.right, 'monitoring', MONITORING)}` };
  const scrape = (tls: ClientTls): Promise<{ status: number }> =>
    send(gateway.url, '/metrics', { method: 'GET', headers, tls });
  expect((await scrape(world.right)).status).toBe(200);
  for (const tls of [world.none, world.byIntermediate]) expect((await scrape(tls)).status).toBe(401);
  await gateway.close();
});

describe('the certificate that follows within an access token’s life', () => {
  const subject = '/C=FR/O=Thales, Inc./CN=d1';
  const start = async (binding: string): Promise<void> => {
    const env = { ...world.env, D1_AUTHENTICATION: 'oauth+mtls', ACCESS_TOKEN_BINDING: binding };
    gateway = await TestGateway.start({ env });
    // It stood still while certificates were made.
    gateway.clock.advance(60_000);
  };
  afterEach(() => gateway.close());

  test.each(['required', 'when-shown'])('costs no update: it has the same name (%s)', async (binding) => {
    await start(binding);
    const token = await accessToken(world.right);
    const [next, byAnotherCa] = [world.client(world.ca, { subject }), world.client(world.intermediate, { subject })];
    for (const tls of [world.right, next, byAnotherCa]) expect(await call(tls, token)).toEqual(accepted());
  });

  test('401 where it has another name, or is by a CA that is not trusted', async () => {
    await start('required');
    const token = await accessToken(world.right);
    const namesake = world.client(world.otherCa, { subject });
    const another = world.client(world.ca, { subject: '/C=FR/O=Thales, Inc./CN=d2' });
    for (const tls of [namesake, another, world.none]) expect(await call(tls, token)).toEqual(unauthorized());
  });

  test('401 with ACCESS_TOKEN_BINDING=exact, until another access token is fetched', async () => {
    await start('exact');
    const token = await accessToken(world.right);
    const next = world.client(world.ca, { subject });
    expect(await call(next, token)).toEqual(unauthorized());
    expect(await call(next, await accessToken(next))).toEqual(accepted());
    expect(await call(world.right, await accessToken(world.none))).toEqual(unauthorized());
  });
});

test('ACCESS_TOKEN_BINDING=when-shown takes unbound ones, too', async () => {
  const env = { ...world.env, D1_AUTHENTICATION: 'oauth+mtls', ACCESS_TOKEN_BINDING: 'when-shown' };
  gateway = await TestGateway.start({ env });
  try {
    expect(await call(world.right, await accessToken(world.none))).toEqual(accepted());
    expect(await call(world.byIntermediate, await accessToken(world.right))).toEqual(unauthorized());
  } finally {
    await gateway.close();
  }
});

describe('a merchant gateway that asks for something else', () => {
  const start = (d1Authentication: string, ofB: string): Promise<TestGateway> => {
    const [a, b] = PROVISION.merchantGateways;
    const provision = { ...PROVISION, merchantGateways: [a, { ...b, authentication: ofB }] };
    return TestGateway.start({ provision, env: { ...world.env, D1_AUTHENTICATION: d1Authentication } });
  };

  describe('oauth as a rule, mtls for one', () => {
    beforeAll(async () => {
      gateway = await start('oauth', 'mtls');
    });
    afterAll(() => gateway.close());

    test('its certificate is enough for it, and for no other', async () => {
      expect(await call(world.right, undefined, GATEWAY_B)).toEqual(accepted());
      expect(await call(world.right, undefined, { ...GATEWAY_B, tokenId: 'unknown' })).toEqual(UNKNOWN_TOKEN);
      expect(await call(world.right)).toEqual(unauthorized());
    });

    test('its own client’s access token is not enough', async () => {
      const token = await accessToken(world.none, 'other_bank');
      expect(await call(world.none, token, GATEWAY_B)).toEqual(unauthorized());
    });

    test('whoever is not of it finds what he finds where there is none', async () => {
      const token = await accessToken(world.none);
      for (const ids of [GATEWAY_B, UNKNOWN_GATEWAY]) {
        expect(await call(world.none, token, ids)).toEqual(UNKNOWN_MERCHANT);
        expect(await call(world.none, undefined, ids)).toEqual(unauthorized());
        expect(await call(world.stranger, 'bad', ids)).toEqual(unauthorized());
      }
    });
  });

  describe('mtls as a rule, oauth for one', () => {
    beforeAll(async () => {
      gateway = await start('mtls', 'oauth');
    });
    afterAll(() => gateway.close());

    test('its own client’s access token is enough for it; another’s finds what he finds where there is none', async () => {
      expect(await call(world.none, await accessToken(world.none, 'other_bank'), GATEWAY_B)).toEqual(accepted());
      const anothers = await accessToken(world.none);
      for (const ids of [GATEWAY_B, UNKNOWN_GATEWAY])
        expect(await call(world.none, anothers, ids)).toEqual(unauthorized());
    });

    test('a certificate alone is not', async () => {
      expect(await call(world.right, undefined, GATEWAY_B)).toEqual(unauthorized());
      expect(await call(world.right)).toEqual(accepted());
    });
  });

  test('both for one: its access tokens are bound', async () => {
    gateway = await start('oauth', 'oauth+mtls');
    try {
      const token = await accessToken(world.right, 'other_bank');
      expect(await call(world.right, token, GATEWAY_B)).toEqual(accepted());
      expect(await call(world.none, token, GATEWAY_B)).toEqual(unauthorized());
      expect(await call(world.right, await accessToken(world.none, 'other_bank'), GATEWAY_B)).toEqual(unauthorized());
      expect(await call(world.none, await accessToken(world.none))).toEqual(accepted());
    } finally {
      await gateway.close();
    }
  });

  test('trusted-network is nothing that one could ask for', async () => {
    await expect(start('oauth', 'trusted-network')).rejects.toThrow(
      'authentication is not one of oauth, mtls, oauth+mtls',
    );
  });
});
