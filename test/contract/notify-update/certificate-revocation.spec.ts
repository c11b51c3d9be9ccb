import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { Agent, request as httpsRequest } from 'node:https';
import { connect, type TLSSocket } from 'node:tls';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { CertificateExpiry } from '../../../src/http/tls/certificate-expiry.js';
import { MtlsWorld } from '../../support/mtls-world.js';
import { notifyPath, TestGateway } from '../../support/test-gateway.js';
import { sessionOf } from '../../support/tls.js';
import { send } from '../../support/http.js';
import { accepted, unauthorized } from './answers.js';
import { notify } from './notify.js';

let world: MtlsWorld;
let gateway: TestGateway;

beforeAll(() => {
  world = new MtlsWorld();
});
afterAll(() => world.remove());

describe('with a list of revoked certificates', () => {
  beforeAll(async () => {
    const env = { ...world.env, ...world.crlEnv, D1_AUTHENTICATION: 'mtls' };
    gateway = await TestGateway.start({ env });
  });
  afterAll(() => gateway.close());

  test.each(['right', 'byIntermediate'] as const)('the certificate "%s" is good', async (name) => {
    expect(await notify(gateway, { tls: world[name] })).toEqual(accepted());
  });

  test.each(['none', 'revoked', 'expired', 'stranger', 'forServers'] as const)('401: "%s"', async (name) => {
    expect(await notify(gateway, { tls: world[name] })).toEqual(unauthorized());
  });

  test('a session with the CA between can be resumed', async () => {
    const session = await sessionOf(gateway.url, world.byIntermediate);
    expect(await notify(gateway, { tls: { ...world.none, session } })).toEqual(accepted());
  });

  test('TLS 1.1 is refused', async () => {
    const { hostname, port } = new URL(gateway.url);
    const socket = connect({
      host: hostname,
      port: Number(port),
      ...world.right,
      minVersion: 'TLSv1.1',
      maxVersion: 'TLSv1.1',
      ciphers: 'ALL:@SECLEVEL=0',
    });
    await expect(once(socket, 'secureConnect')).rejects.toThrow(/protocol version|unsupported protocol/);
  });

  test('a cipher without forward secrecy is refused', async () => {
    const { hostname, port } = new URL(gateway.url);
    const ciphers = 'AES256-GCM-SHA384:ECDHE-ECDSA-AES128-SHA';
    const socket = connect({ host: hostname, port: Number(port), ...world.right, maxVersion: 'TLSv1.2', ciphers });
    await expect(once(socket, 'secureConnect')).rejects.toThrow(/handshake failure/);
  });
});

describe('files that change', () => {
  let agent: Agent;

  beforeEach(async () => {
    world.writeServer();
    world.writeCrl();
    const env = { ...world.env, ...world.crlEnv, D1_AUTHENTICATION: 'mtls' };
    gateway = await TestGateway.start({ env });
    agent = new Agent({ keepAlive: true, maxSockets: 1, ...world.right });
  });
  afterEach(async () => {
    agent.destroy();
    await gateway.close();
  });

  /** Over the one connection of the agent. */
  async function call(): Promise<{ status: number | undefined; reused: boolean; serial: string }> {
    const { hostname, port } = new URL(gateway.url);
    const request = httpsRequest({ hostname, port, path: notifyPath(), method: 'POST', agent });
    request.end();
    const [response] = (await once(request, 'response')) as [IncomingMessage];
    const serial = (response.socket as TLSSocket).getPeerCertificate().serialNumber;
    response.resume();
    await once(response, 'end');
    return {
      status: response.statusCode,
      reused: request.reusedSocket,
      serial,
    };
  }

  const logged = (msg: string): Promise<void> =>
    vi.waitFor(() => expect(gateway.logLines.filter((line) => line.includes(msg))).toHaveLength(1), {
      timeout: 10_000,
    });

  const shownNow = async (): Promise<string> => {
    const { hostname, port } = new URL(gateway.url);
    const socket = connect({ host: hostname, port: Number(port), ...world.right });
    await once(socket, 'secureConnect');
    const { serialNumber } = socket.getPeerCertificate();
    socket.destroy();
    return serialNumber;
  };

  test('a new server certificate is shown to new connections, and open ones stay open', async () => {
    const first = await call();
    expect(first).toMatchObject({ status: 204, reused: false });

    world.writeServer();
    await logged('TLS files were loaded anew');

    expect(await call()).toEqual({ ...first, reused: true });
    const { serialNumber } = new X509Certificate(world.read('server.pem'));
    expect(serialNumber).not.toBe(first.serial);
    expect(await shownNow()).toBe(serialNumber);
  });

  test('broken files change nothing and are logged once', async () => {
    const before = await shownNow();

    world.write('server.pem', '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n');
    await logged('TLS files were not loaded');

    expect(await shownNow()).toBe(before);
    expect(await call()).toMatchObject({ status: 204 });
    expect(gateway.logLines.join()).not.toContain('PRIVATE KEY');
  });

  test('a key that is not the certificate’s changes nothing', async () => {
    const before = await shownNow();
    world.write('server.key', world.right.key.toString());
    await logged('TLS files were not loaded');
    expect(await shownNow()).toBe(before);
  });

  test('who is revoked is refused on the connection that is open, too', async () => {
    const gone = world.client(world.ca);
    // It stood still while the certificate and the next list were made.
    gateway.clock.advance(60_000);
    agent.destroy();
    agent = new Agent({ keepAlive: true, maxSockets: 1, ...gone });
    expect(await call()).toMatchObject({ status: 204, reused: false });

    world.ca.revoke(gone.cert);
    world.writeCrl();
    await logged('TLS files were loaded anew');

    expect(await call()).toMatchObject({ status: 401, reused: true });
    expect(await notify(gateway, { tls: gone })).toEqual(unauthorized());
    expect(await notify(gateway, { tls: world.right })).toEqual(accepted());
    expect(await notify(gateway, { tls: world.byIntermediate })).toEqual(accepted());
  });

  test('tells in the metrics when each certificate runs out, and after a reload that of the new one', async () => {
    const told = async (): Promise<string[]> => {
      const { body } = await send(gateway.url, '/metrics', { method: 'GET', tls: world.none });
      return body.split('\n').filter((line) => line.startsWith('d1_gateway_certificate_not_after_seconds'));
    };
    const ofServer = (): string => {
      const seconds = Date.parse(new X509Certificate(world.read('server.pem')).validTo) / 1000;
      return `d1_gateway_certificate_not_after_seconds{certificate="TLS_CERT_FILE",subject="CN=gateway"} ${seconds}`;
    };
    const before = ofServer();
    expect(await told()).toContain(before);
    const files = new Set((await told()).map((line) => /certificate="(\w+)"/.exec(line)?.[1]));
    expect(files).toEqual(new Set(['TLS_CERT_FILE', 'TLS_CLIENT_CA_FILE', 'TLS_CLIENT_CRL_FILE']));

    world.writeServer(40);
    await expect.poll(told, { timeout: 10_000 }).toContain(ofServer());
    expect(await told()).not.toContain(before);
  });

  test('tells when each file runs out', () => {
    const expiry = gateway.app.get(CertificateExpiry);
    const { validTo } = new X509Certificate(world.read('server.pem'));
    expect(expiry.notAfterMs().get('TLS_CERT_FILE')).toBe(Date.parse(validTo));
    expect(expiry.all().map(({ setting, subject }) => [setting, subject])).toEqual([
      ['TLS_CERT_FILE', 'CN=gateway'],
      ['TLS_CLIENT_CA_FILE', 'CN=D1 test CA'],
      ['TLS_CLIENT_CRL_FILE', 'CN=D1 test CA'],
      ['TLS_CLIENT_CRL_FILE', ''],
    ]);
  });
});

test('a list that has run out refuses all whom it was about', async () => {
  world.writeCrl(-1);
  gateway = await TestGateway.start({ env: { ...world.env, ...world.crlEnv, D1_AUTHENTICATION: 'mtls' } });
  try {
    expect(await notify(gateway, { tls: world.right })).toEqual(unauthorized());
  } finally {
    await gateway.close();
  }
});

test.each(['TLS_CERT_FILE', 'TLS_CLIENT_CRL_FILE'])('does not start with a %s that cannot be used', async (setting) => {
  const env = { ...world.env, ...world.crlEnv, D1_AUTHENTICATION: 'mtls', [setting]: world.file('ca.missing') };
  await expect(TestGateway.start({ env })).rejects.toThrow(`${setting} cannot be used: ENOENT`);
});
