import { X509Certificate } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { MtlsWorld } from '../../support/mtls-world.js';
import { TestGateway } from '../../support/test-gateway.js';
import { accepted, unauthorized } from './answers.js';
import { notify } from './notify.js';

let world: MtlsWorld;
let gateway: TestGateway;

beforeAll(() => {
  world = new MtlsWorld();
});
afterAll(() => world.remove());

const CLIENTS = ['revoked', 'expired', 'stranger', 'forServers'] as const;
const certificates = (pem: Buffer | string): string[] =>
  String(pem).match(/-----BEGIN[^-]+-----[^-]+-----END[^-]+-----\n/g) ?? [];
const item = (pem: string): string => `:${new X509Certificate(pem).raw.toString('base64')}:`;

/** As a proxy tells it (RFC 9440). */
function rfc9440(cert: Buffer): Record<string, string> {
  const [first = '', ...chain] = certificates(cert);
  return { 'client-cert': item(first), ...(chain.length > 0 && { 'client-cert-chain': chain.map(item).join(', ') }) };
}

/** As Envoy does. */
function xfcc(cert: Buffer): Record<string, string> {
  const [first = ''] = certificates(cert);
  const encoded = (pem: string): string => `"${encodeURIComponent(pem)}"`;
  const hash = new X509Certificate(first).fingerprint256.replaceAll(':', '').toLowerCase();
  const element = `By=spiffe://gateway;Hash=${hash};Cert=${encoded(first)};Chain=${encoded(String(cert))};Subject="CN=d1,O=\\"x\\"";URI=spiffe://d1`;
  return { 'x-forwarded-client-cert': element };
}

const behindProxy = (kind: string, env: Record<string, string> = {}): Promise<TestGateway> =>
  TestGateway.start({
    env: {
      D1_AUTHENTICATION: 'mtls',
      CLIENT_CERT_HEADER: kind,
      TRUSTED_PROXIES: 'loopback',
      TLS_CLIENT_CA_FILE: world.file('ca.pem'),
      ...world.crlEnv,
      ...env,
    },
  });

describe.each([
  ['rfc9440', rfc9440, xfcc],
  ['xfcc', xfcc, rfc9440],
] as const)('CLIENT_CERT_HEADER=%s, from a trusted proxy', (kind, told, otherwise) => {
  beforeAll(async () => {
    gateway = await behindProxy(kind);
  });
  afterAll(() => gateway.close());

  test.each(['right', 'byIntermediate'] as const)('the certificate "%s" is good', async (name) => {
    expect(await notify(gateway, { headers: told(world[name].cert) })).toEqual(accepted());
    // The second time it is remembered.
    expect(await notify(gateway, { headers: told(world[name].cert) })).toEqual(accepted());
  });

  test.each(CLIENTS)('401: "%s", although the proxy told it', async (name) => {
    expect(await notify(gateway, { headers: told(world[name].cert) })).toEqual(unauthorized());
    expect(await notify(gateway, { headers: told(world[name].cert) })).toEqual(unauthorized());
  });

  test('401 without the header, and with the other kind', async () => {
    expect(await notify(gateway)).toEqual(unauthorized());
    expect(await notify(gateway, { headers: otherwise(world.right.cert) })).toEqual(unauthorized());
  });

  test('401 where the header is there twice, or cut, or more than one thing', async () => {
    for (const [name, value] of Object.entries(told(world.right.cert))) {
      for (const wrong of [[value, value], `${value}, ${value}`, value.slice(0, 60), `${value};`, '', 'x', ':AAAA:']) {
        if (kind === 'xfcc' && wrong === `${value};`) continue;
        expect(await notify(gateway, { headers: { [name]: wrong } }), String(wrong).slice(-20)).toEqual(unauthorized());
      }
    }
  });

  test('a certificate is refused from the moment on at which it runs out', async () => {
    const twoDaysMs = 2 * 86_400_000;
    expect(await notify(gateway, { headers: told(world.right.cert) })).toEqual(accepted());
    gateway.clock.advance(twoDaysMs);
    expect(await notify(gateway, { headers: told(world.right.cert) })).toEqual(unauthorized());
    gateway.clock.advance(-twoDaysMs);
  });
});

describe('a header of somebody else', () => {
  test.each([
    ['rfc9440', rfc9440],
    ['xfcc', xfcc],
  ] as const)('401: %s from an address that is none of TRUSTED_PROXIES', async (kind, told) => {
    gateway = await behindProxy(kind, { TRUSTED_PROXIES: '10.0.0.0/8, 192.0.2.7' });
    try {
      const headers = { ...told(world.right.cert), 'x-forwarded-for': '10.0.0.1' };
      expect(await notify(gateway, { headers })).toEqual(unauthorized());
    } finally {
      await gateway.close();
    }
  });

  test('401 where no header is asked for', async () => {
    gateway = await TestGateway.start({
      env: { ...world.env, D1_AUTHENTICATION: 'mtls', TRUSTED_PROXIES: 'loopback' },
    });
    try {
      const headers = { ...rfc9440(world.right.cert), ...xfcc(world.right.cert) };
      expect(await notify(gateway, { tls: world.none, headers })).toEqual(unauthorized());
    } finally {
      await gateway.close();
    }
  });

  test('the proxy’s own certificate is not its caller’s', async () => {
    gateway = await behindProxy('rfc9440', world.env);
    try {
      expect(await notify(gateway, { tls: world.right })).toEqual(unauthorized());
      expect(await notify(gateway, { tls: world.right, headers: rfc9440(world.right.cert) })).toEqual(accepted());
    } finally {
      await gateway.close();
    }
  });
});

describe('TLS_CLIENT_SUBJECTS', () => {
  test.each([
    ['CN=d1,O=Thales\\, Inc.,C=FR', accepted()],
    ['DNS:d1.example', accepted()],
    ['CN=other; URI:spiffe://d1/caller', accepted()],
    ['CN=d1', unauthorized()],
    ['C=FR,O=Thales\\, Inc.,CN=d1', unauthorized()],
    ['DNS:example; URI:spiffe://d1', unauthorized()],
  ])('%s', async (TLS_CLIENT_SUBJECTS, expected) => {
    gateway = await TestGateway.start({ env: { ...world.env, D1_AUTHENTICATION: 'mtls', TLS_CLIENT_SUBJECTS } });
    try {
      expect(await notify(gateway, { tls: world.right })).toEqual(expected);
    } finally {
      await gateway.close();
    }
  });
});
