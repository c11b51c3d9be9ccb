import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createSecureContext, type SecureContextOptions } from 'node:tls';
import type { GatewayConfig } from '../../config/gateway-config.js';
import { ClientTrust } from './client-trust.js';
import { blocks, expiriesOf, type FileExpiry } from './file-expiry.js';
import { RevocationList } from './revocation-list.js';

/**
 * Of TLS 1.2, only what is forward secret and authenticated (RFC 9325, section 4.2); of TLS 1.3 all there is but the
 * short-tag suites.
 */
const CIPHERS = [
  'TLS_AES_256_GCM_SHA384',
  'TLS_CHACHA20_POLY1305_SHA256',
  'TLS_AES_128_GCM_SHA256',
  'ECDHE-ECDSA-AES256-GCM-SHA384',
  'ECDHE-RSA-AES256-GCM-SHA384',
  'ECDHE-ECDSA-CHACHA20-POLY1305',
  'ECDHE-RSA-CHACHA20-POLY1305',
  'ECDHE-ECDSA-AES128-GCM-SHA256',
  'ECDHE-RSA-AES128-GCM-SHA256',
].join(':');

/** What the TLS files hold, read together. */
export interface TlsMaterial {
  /** Absent where the gateway does not speak TLS. */
  readonly context?: SecureContextOptions;
  /** Absent without `TLS_CLIENT_CA_FILE`. */
  readonly trust?: ClientTrust;
  readonly expiries: readonly FileExpiry[];
  /** The bytes read: whether anything has changed. */
  readonly fingerprint: string;
}

type Settings = Pick<GatewayConfig['server'], 'tls' | 'clientCertificates'>;

export function tlsFilesOf({ tls, clientCertificates: { caFile, crlFile } }: Settings): string[] {
  return [tls?.certFile, tls?.keyFile, caFile, crlFile].filter((file) => file !== undefined);
}

/** @throws Error naming the setting, where a file cannot be read or used */
export function readTlsMaterial({ tls, clientCertificates: { caFile, crlFile } }: Settings): TlsMaterial {
  const cert = read('TLS_CERT_FILE', tls?.certFile);
  const key = read('TLS_KEY_FILE', tls?.keyFile);
  const ca = read('TLS_CLIENT_CA_FILE', caFile);
  const crl = read('TLS_CLIENT_CRL_FILE', crlFile);
  const cas = naming('TLS_CLIENT_CA_FILE', () => blocks(ca, 'CERTIFICATE').map((pem) => new X509Certificate(pem)));
  const crls = blocks(crl, 'X509 CRL');
  const lists = naming('TLS_CLIENT_CRL_FILE', () => crls.map((pem) => RevocationList.parse(derOf(pem))));
  if (crl !== undefined && lists.length === 0) throw new Error('TLS_CLIENT_CRL_FILE holds no list');
  const context = cert === undefined ? undefined : contextOf({ cert, key, ca, crls });
  return {
    ...(context && { context }),
    ...(ca !== undefined && { trust: new ClientTrust(cas, lists) }),
    expiries: [
      ...expiriesOf('TLS_CERT_FILE', blocks(cert, 'CERTIFICATE')),
      ...expiriesOf('TLS_CLIENT_CA_FILE', cas),
      ...lists.map((list) => ({
        setting: 'TLS_CLIENT_CRL_FILE' as const,
        subject: cas.find((one) => list.isBy(one))?.subject ?? '',
        notAfterMs: list.nextUpdateMs,
      })),
    ],
    fingerprint: [cert, key, ca, crl].join('\0'),
  };
}

function contextOf({
  cert,
  key,
  ca,
  crls,
}: {
  cert: string;
  key?: string;
  ca?: string;
  crls: string[];
}): SecureContextOptions {
  const options: SecureContextOptions = {
    cert,
    key,
    minVersion: 'TLSv1.2',
    ciphers: CIPHERS,
    honorCipherOrder: true,
    ...(ca !== undefined && { ca }),
    // With it OpenSSL wants a list of every CA on the way (X509_V_FLAG_CRL_CHECK_ALL).
    ...(crls.length > 0 && { crl: crls }),
  };
  // A key that is not the certificate's, and the like, show here and not at the first handshake.
  naming('TLS_CERT_FILE, TLS_KEY_FILE', () => createSecureContext(options));
  return options;
}

function read(setting: string, file: string | undefined): string | undefined {
  return file === undefined ? undefined : naming(setting, () => readFileSync(file, 'utf8'));
}

/** The cause is left out but for its code: it may quote the file. */
function naming<T>(setting: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    // oxlint-disable-next-line preserve-caught-error -- it may quote the file
    throw new Error(`${setting} cannot be used: ${code ?? message}`);
  }
}

function derOf(pem: string): Buffer {
  return Buffer.from(pem.replaceAll(/-----[^-]+-----|\s/g, ''), 'base64');
}
