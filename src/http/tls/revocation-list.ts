import { verify, type X509Certificate } from 'node:crypto';
import { serialOf } from './certificate-details.js';
import { contextTag, oidOf, readValue, Tag, take, takeIf, timeMsOf, valuesOf, type DerValue } from './der.js';

/** The hash of each signature algorithm, by its OID; null where the algorithm brings its own. */
const HASHES: Readonly<Record<string, string | null>> = {
  '2a8648ce3d040302': 'sha256', // ecdsa-with-SHA256
  '2a8648ce3d040303': 'sha384', // ecdsa-with-SHA384
  '2a8648ce3d040304': 'sha512', // ecdsa-with-SHA512
  '2a864886f70d01010b': 'sha256', // sha256WithRSAEncryption
  '2a864886f70d01010c': 'sha384', // sha384WithRSAEncryption
  '2a864886f70d01010d': 'sha512', // sha512WithRSAEncryption
  '2b6570': null, // Ed25519
};

/** A certificate revocation list (RFC 5280, section 5). Neither node nor a library that we have reads one. */
export class RevocationList {
  private constructor(
    /** The CA's name, as it is encoded. */
    readonly issuer: Buffer,
    readonly thisUpdateMs: number,
    /** From then on it says nothing any more. */
    readonly nextUpdateMs: number,
    private readonly serials: ReadonlySet<string>,
    private readonly signed: { readonly bytes: Buffer; readonly hash: string | null; readonly signature: Buffer },
  ) {}

  /** @throws RangeError where the bytes are no list, one without an end, or one that must be understood further than here */
  static parse(der: Buffer): RevocationList {
    const outer = valuesOf(readValue(der));
    const list = take(outer, Tag.Sequence);
    const hash = HASHES[oidOf(take(valuesOf(take(outer, Tag.Sequence)), Tag.Oid))];
    if (hash === undefined) throw new RangeError('The list is signed by an algorithm that is not known here');
    // The first byte says how many bits of the last are unused: none.
    const signature = take(outer, Tag.BitString).content.subarray(1);
    const fields = valuesOf(list);
    takeIf(fields, Tag.Integer);
    take(fields, Tag.Sequence);
    const issuer = take(fields, Tag.Sequence).whole;
    const thisUpdateMs = timeMsOf(take(fields));
    const next = takeIf(fields, Tag.UtcTime, Tag.GeneralizedTime);
    if (!next) throw new RangeError('The list does not say when the next one comes');
    const revoked = takeIf(fields, Tag.Sequence);
    refuseCritical(takeIf(fields, contextTag(0)));
    const serials = new Set((revoked ? valuesOf(revoked) : []).map((entry) => serialOf(take(valuesOf(entry)))));
    return new RevocationList(issuer, thisUpdateMs, timeMsOf(next), serials, { bytes: list.whole, hash, signature });
  }

  isBy({ publicKey }: X509Certificate): boolean {
    const { bytes, hash, signature } = this.signed;
    return verify(hash, bytes, publicKey, signature);
  }

  has(serial: string): boolean {
    return this.serials.has(serial);
  }
}

/** Delta lists and such as are for some certificates only are marked critical (sections 5.2.4 and 5.2.5). */
function refuseCritical(wrapper: DerValue | undefined): void {
  const extensions = wrapper ? valuesOf(readValue(wrapper.content)) : [];
  for (const extension of extensions) {
    if (takeIf(valuesOf(extension).slice(1), Tag.Boolean)) throw new RangeError('The list has a critical extension');
  }
}
