import type { X509Certificate } from 'node:crypto';
import { contextTag, oidOf, readValue, Tag, take, takeIf, valuesOf, type DerValue } from './der.js';

/** What node does not tell of a certificate. */
export interface CertificateDetails {
  /** Without leading zeros, in hexadecimal. */
  readonly serial: string;
  /** The names, as they are encoded. */
  readonly issuer: Buffer;
  readonly subject: Buffer;
  /** How many CAs may stand between this one and the last certificate of a chain. */
  readonly maxPathLength: number;
  /** Extensions that must be understood, and are not. */
  readonly hasUnknownCritical: boolean;
}

const BASIC_CONSTRAINTS = '551d13';
/** Key usage, alternative name, basic constraints, policies (any is right), extended key usage. */
const UNDERSTOOD = new Set(['551d0f', '551d11', BASIC_CONSTRAINTS, '551d20', '551d25']);

/** RFC 5280, section 4.1. @throws RangeError where it is not */
export function detailsOf({ raw }: X509Certificate): CertificateDetails {
  const fields = valuesOf(take(valuesOf(readValue(raw)), Tag.Sequence));
  takeIf(fields, contextTag(0));
  const serial = serialOf(take(fields, Tag.Integer));
  take(fields, Tag.Sequence);
  const issuer = take(fields, Tag.Sequence).whole;
  take(fields, Tag.Sequence);
  const subject = take(fields, Tag.Sequence).whole;
  const wrapper = fields.find(({ tag }) => tag === contextTag(3));
  const extensions = wrapper ? valuesOf(readValue(wrapper.content)).map(extensionOf) : [];
  const constraints = extensions.find(({ oid }) => oid === BASIC_CONSTRAINTS);
  return {
    serial,
    issuer,
    subject,
    maxPathLength: constraints ? pathLengthOf(constraints.value) : Number.POSITIVE_INFINITY,
    hasUnknownCritical: extensions.some(({ oid, isCritical }) => isCritical && !UNDERSTOOD.has(oid)),
  };
}

export const serialOf = ({ content }: DerValue): string => content.toString('hex').replace(/^(00)+/, '');

function extensionOf(extension: DerValue): { oid: string; isCritical: boolean; value: Buffer } {
  const parts = valuesOf(extension);
  const oid = oidOf(take(parts, Tag.Oid));
  const isCritical = (takeIf(parts, Tag.Boolean)?.content[0] ?? 0) !== 0;
  return { oid, isCritical, value: take(parts, Tag.OctetString).content };
}

function pathLengthOf(value: Buffer): number {
  const parts = valuesOf(readValue(value));
  takeIf(parts, Tag.Boolean);
  const length = takeIf(parts, Tag.Integer);
  return length ? length.content.readUIntBE(0, length.content.length) : Number.POSITIVE_INFINITY;
}
