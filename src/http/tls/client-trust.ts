import type { X509Certificate } from 'node:crypto';
import { detailsOf } from './certificate-details.js';
import type { RevocationList } from './revocation-list.js';

const CLIENT_AUTHENTICATION = '1.3.6.1.5.5.7.3.2';
/** CAs between the certificate and one of the bundle. */
const MAX_BETWEEN = 4;

/**
 * Tells whether a certificate is good, where no handshake has: it came in a header, or what is trusted has changed since the
 * handshake. As strict as OpenSSL for a TLS client (RFC 5280, section 6.1), or stricter: every CA on the way must have
 * a list of revoked certificates that is up to date, where there are any lists.
 */
export class ClientTrust {
  constructor(
    private readonly cas: readonly X509Certificate[],
    private readonly lists: readonly RevocationList[],
  ) {}

  /**
   * @param sent the CAs that came with it, in any order
   * @returns what is wrong, for the log; undefined where it is good
   */
  faultOf(certificate: X509Certificate, sent: readonly X509Certificate[], nowMs: number): string | undefined {
    try {
      const usages = certificate.keyUsage as string[] | undefined;
      if (usages && !usages.includes(CLIENT_AUTHENTICATION)) return 'The certificate is not for clients';
      return this.faultOfChain(certificate, sent, nowMs);
    } catch {
      return 'The certificate cannot be read';
    }
  }

  private faultOfChain(leaf: X509Certificate, sent: readonly X509Certificate[], nowMs: number): string | undefined {
    let current = leaf;
    for (let between = 0; between <= MAX_BETWEEN; between += 1) {
      const fault = faultOfOne(current, nowMs);
      if (fault) return fault;
      // One of the bundle itself, be it a CA or not, is trusted as it stands.
      if (this.cas.some(({ fingerprint256 }) => fingerprint256 === current.fingerprint256)) {
        return this.isSelfIssued(current) ? this.faultByLists(current, current, nowMs) : undefined;
      }
      const issuer = issuerAmong(this.cas, current, between) ?? issuerAmong(sent, current, between);
      if (!issuer) return 'No trusted CA has signed the certificate';
      const revoked = this.faultByLists(current, issuer, nowMs);
      if (revoked) return revoked;
      current = issuer;
    }
    return 'The chain is too long';
  }

  private isSelfIssued(certificate: X509Certificate): boolean {
    return this.lists.length > 0 && certificate.checkIssued(certificate);
  }

  private faultByLists(certificate: X509Certificate, issuer: X509Certificate, nowMs: number): string | undefined {
    if (this.lists.length === 0) return undefined;
    const { serial, issuer: name } = detailsOf(certificate);
    const theirs = this.lists.filter((list) => list.issuer.equals(name) && list.isBy(issuer));
    const current = theirs.filter(({ thisUpdateMs, nextUpdateMs }) => thisUpdateMs <= nowMs && nowMs < nextUpdateMs);
    if (theirs.some((list) => list.has(serial))) return 'The certificate is revoked';
    return current.length > 0 ? undefined : 'There is no list of revoked certificates of its CA that is up to date';
  }
}

function issuerAmong(
  candidates: readonly X509Certificate[],
  certificate: X509Certificate,
  casBelow: number,
): X509Certificate | undefined {
  return candidates.find(
    (issuer) =>
      issuer.ca &&
      certificate.checkIssued(issuer) &&
      certificate.verify(issuer.publicKey) &&
      detailsOf(issuer).maxPathLength >= casBelow,
  );
}

function faultOfOne(certificate: X509Certificate, nowMs: number): string | undefined {
  if (nowMs < Date.parse(certificate.validFrom)) return 'The certificate is not yet valid';
  if (nowMs >= Date.parse(certificate.validTo)) return 'The certificate has expired';
  return detailsOf(certificate).hasUnknownCritical ? 'The certificate has a critical extension' : undefined;
}
