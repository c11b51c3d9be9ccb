import 'reflect-metadata';
import { readFileSync } from 'node:fs';
import { once } from 'node:events';
import { createServer } from 'node:net';
import type { ServerOptions } from 'node:https';
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { makeCertificates, type Certificates, type ClientTls } from '../../../support/tls.js';
import { KnownHosts, listen, makeSender, sendTo, startReceiver } from './support.js';

const DELIVERED = { outcome: { kind: 'delivered' }, statusCode: 200 };

let certificates: Certificates;
let ca: Buffer;
let server: ServerOptions;

beforeAll(() => {
  certificates = makeCertificates();
  ({ ca } = certificates.none);
  server = {
    cert: readFileSync(certificates.env.TLS_CERT_FILE ?? ''),
    key: readFileSync(certificates.env.TLS_KEY_FILE ?? ''),
  };
});

afterAll(() => certificates.remove());

const shownBy = ({ cert, key }: ClientTls): ServerOptions => ({ ...(cert && { cert }), ...(key && { key }) });

function retried(reason: RegExp): object {
  return { outcome: { kind: 'retry', reason: expect.stringMatching(reason) } };
}

describe('over https, a webhook', () => {
  it('goes to a receiver with a certificate of a trusted authority', async () => {
    const receiver = await startReceiver(undefined, { tls: server });
    const sender = makeSender({ ca });

    for (let count = 0; count < 10; count += 1) expect(await sendTo(sender, receiver.origin)).toEqual(DELIVERED);

    expect(receiver.requests).toHaveLength(10);
    expect(receiver.connections()).toBeLessThanOrEqual(2);
  });

  it('does not go to a receiver that shows the certificate of another', async () => {
    const receiver = await startReceiver(undefined, { tls: server });
    const resolver = new KnownHosts({ 'receiver.test': [['127.0.0.1']] });
    const sender = makeSender({ ca, resolver });

    // The certificate is for 127.0.0.1: by its name the receiver is somebody else.
    for (let count = 0; count < 3; count += 1) {
      expect(await sendTo(sender, `https://receiver.test:${receiver.port}/`)).toEqual(
        retried(/^the certificate is for another host \(ERR_TLS_CERT_ALTNAME_INVALID\)$/),
      );
    }
    expect(receiver.requests).toEqual([]);
  });

  it('does not go to another address than the certificate is for', async () => {
    const receiver = await startReceiver(undefined, { tls: server, host: '127.0.0.2' });

    expect(await sendTo(makeSender({ ca }), receiver.origin)).toEqual(retried(/ERR_TLS_CERT_ALTNAME_INVALID/));
    expect(receiver.requests).toEqual([]);
  });

  it('does not go to a receiver with a certificate of an unknown authority', async () => {
    const receiver = await startReceiver(undefined, { tls: server });

    expect(await sendTo(makeSender(), receiver.origin)).toEqual(retried(/\(UNABLE_TO_VERIFY_LEAF_SIGNATURE\)$/));
    expect(receiver.requests).toEqual([]);
  });

  it('does not even where the environment says that certificates do not matter', async () => {
    vi.stubEnv('NODE_TLS_REJECT_UNAUTHORIZED', '0');
    onTestFinished(() => void vi.unstubAllEnvs());
    const receiver = await startReceiver(undefined, { tls: server });

    expect(await sendTo(makeSender(), receiver.origin)).toEqual(retried(/\(UNABLE_TO_VERIFY_LEAF_SIGNATURE\)$/));
    expect(receiver.requests).toEqual([]);
  });

  it.each([
    ['an expired certificate', (): ServerOptions => shownBy(certificates.expired), /^the certificate has expired/],
    ['a self-signed certificate', (): ServerOptions => shownBy(certificates.selfSigned), /SELF_SIGNED|ALTNAME/],
    ['TLS 1.1', (): ServerOptions => ({ ...server, ...OLD_TLS }), /\(ERR_SSL_|\(EPROTO|\(ECONNRESET/],
  ])('does not go to a receiver with %s', async (_, tls, reason) => {
    const receiver = await startReceiver(undefined, { tls: tls() });

    expect(await sendTo(makeSender({ ca }), receiver.origin)).toEqual(retried(reason));
    expect(receiver.requests).toEqual([]);
  });

  it('does not go to a receiver that speaks plain http', async () => {
    const receiver = await startReceiver();

    expect(await sendTo(makeSender({ ca }), receiver.origin.replace('http:', 'https:'))).toEqual(
      retried(/^the request failed \((ERR_SSL_[A-Z0-9_]+|EPROTO)\)$/),
    );
  });

  it('is given up at the deadline where the handshake hangs', async () => {
    const silent = createServer();
    const port = await listen(silent);
    const connected = once(silent, 'connection');

    expect(await sendTo(makeSender({ ca, timeoutMs: 100 }), `https://127.0.0.1:${port}/`)).toEqual(
      retried(/^no answer within 100 ms$/),
    );
    const [socket] = await connected;
    socket.destroy();
  });
});

const OLD_TLS: ServerOptions = { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' };
