import { X509Certificate } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import type { ClientCertificatesConfig } from '../../config/gateway-config.js';

/** A certificate, and the CAs that came with it. */
export interface ShownCertificate {
  readonly certificate: X509Certificate;
  readonly sent: readonly X509Certificate[];
}

/** More than a chain ever has. */
const MAX_CERTIFICATES = 8;

/** The headers that tell a certificate, as one text; undefined where there is none. */
export function certificateHeader(
  headers: IncomingHttpHeaders,
  kind: ClientCertificatesConfig['header'],
): string | undefined {
  if (kind === 'xfcc') return text(headers['x-forwarded-client-cert']);
  const certificate = text(headers['client-cert']);
  return certificate === undefined ? undefined : `${certificate}\n${text(headers['client-cert-chain']) ?? ''}`;
}

/** @returns undefined where it is not as its specification says, or says more than one thing */
export function parseCertificateHeader(
  header: string,
  kind: ClientCertificatesConfig['header'],
): ShownCertificate | undefined {
  try {
    const [first, ...sent] = kind === 'xfcc' ? forwarded(header) : byteSequences(header);
    if (!first || sent.length > MAX_CERTIFICATES) return undefined;
    return { certificate: new X509Certificate(first), sent: sent.map((one) => new X509Certificate(one)) };
  } catch {
    return undefined;
  }
}

const BYTES = /^:([A-Za-z0-9+/]+={0,2}):$/;

/** RFC 9440, sections 2.2 and 2.3: byte sequences of structured fields (RFC 8941, section 3.3.5), in DER. */
function byteSequences(header: string): Buffer[] {
  const [certificate = '', chain = ''] = header.split('\n');
  const items = [certificate.trim(), ...(chain.trim() === '' ? [] : chain.split(',').map((item) => item.trim()))];
  return items.map((item) => Buffer.from(BYTES.exec(item)?.[1] ?? '', 'base64'));
}

const PAIR = /([A-Za-z]+)=(?:"((?:[^"\\]|\\.)*)"|([^",;]*))(;|$)/gy;

/**
 * Envoy's header, of which one element is taken: several would come from several proxies, and which of them to believe is
 * nothing to guess at. The certificate is URL-encoded PEM; `Hash` and `Subject` alone prove nothing that could be checked.
 */
function forwarded(header: string): string[] {
  const pairs = [...header.matchAll(PAIR)];
  if (pairs.reduce((sum, [whole]) => sum + whole.length, 0) !== header.length) throw new RangeError('Not one element');
  const valueOf = (name: string): string[] => {
    const found = pairs.filter(([, key = '']) => key.toLowerCase() === name);
    if (found.length > 1) throw new RangeError(`${name} is repeated`);
    return found.flatMap(([, , quoted, bare]) => certificatesIn(decodeURIComponent(quoted ?? bare ?? '')));
  };
  const certificate = valueOf('cert');
  const chain = valueOf('chain');
  if (certificate.length > 1) throw new RangeError('Cert holds several');
  // The chain begins with the certificate itself.
  return [...certificate, ...chain.slice(certificate.length)];
}

function certificatesIn(pem: string): string[] {
  return pem.match(/-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\s]+-----END CERTIFICATE-----/g) ?? [];
}

/** Node joins what is repeated by commas, which no parser here lets pass. */
const text = (value: string | string[] | undefined): string | undefined =>
  Array.isArray(value) ? value.join(', ') : value;
