import { X509Certificate } from 'node:crypto';

/** When what a file holds runs out. */
export interface FileExpiry {
  /** The setting that names the file. */
  readonly setting:
    'TLS_CERT_FILE' | 'TLS_CLIENT_CA_FILE' | 'TLS_CLIENT_CRL_FILE' | 'DATABASE_SSL_CA_FILE' | 'DATABASE_SSL_CERT_FILE';
  /** Of the certificate, or of the CA that has made the list. */
  readonly subject: string;
  readonly notAfterMs: number;
}

export function expiriesOf(
  setting: FileExpiry['setting'],
  certificates: readonly (string | X509Certificate)[],
): FileExpiry[] {
  return certificates.map((one) => {
    const { subject, validTo } = typeof one === 'string' ? new X509Certificate(one) : one;
    return { setting, subject: subject.replaceAll('\n', ', '), notAfterMs: Date.parse(validTo) };
  });
}

/** What a text holds of a kind, in PEM. */
export function blocks(pem: string | undefined, label: 'CERTIFICATE' | 'X509 CRL'): string[] {
  const block = new RegExp(`-----BEGIN ${label}-----[A-Za-z0-9+/=\\s]+-----END ${label}-----`, 'g');
  return pem?.match(block) ?? [];
}
