/** One value of DER (X.690, section 8.1): its tag, its content, and itself with tag and length. */
export interface DerValue {
  readonly tag: number;
  readonly content: Buffer;
  readonly whole: Buffer;
}

export const Tag = {
  Boolean: 0x01,
  Integer: 0x02,
  BitString: 0x03,
  OctetString: 0x04,
  Oid: 0x06,
  UtcTime: 0x17,
  GeneralizedTime: 0x18,
  Sequence: 0x30,
} as const;

/** `[n]`, constructed. */
export const contextTag = (n: number): number => 0xa0 + n;

/** @throws RangeError where the bytes are no DER of one-byte tags and lengths below 2^32 */
export function readValue(bytes: Buffer): DerValue {
  const first = bytes.readUInt8(1);
  const lengthBytes = first < 0x80 ? 0 : first & 0x7f;
  if (first === 0x80 || lengthBytes > 4) throw new RangeError('A length is not one of DER');
  const from = 2 + lengthBytes;
  const length = lengthBytes === 0 ? first : bytes.readUIntBE(2, lengthBytes);
  if (from + length > bytes.length) throw new RangeError('A value is longer than what holds it');
  return {
    tag: bytes.readUInt8(0),
    content: bytes.subarray(from, from + length),
    whole: bytes.subarray(0, from + length),
  };
}

/** The values in a constructed one. */
export function valuesOf({ content }: DerValue): DerValue[] {
  const values: DerValue[] = [];
  for (let rest = content; rest.length > 0; rest = rest.subarray(values.at(-1)?.whole.length)) {
    values.push(readValue(rest));
  }
  return values;
}

/** The next value, which must have that tag where one is named. */
export function take(values: DerValue[], tag?: number): DerValue {
  const value = values.shift();
  if (!value || (tag !== undefined && value.tag !== tag)) throw new RangeError('A value is not of the type expected');
  return value;
}

/** The next value if it has that tag. */
export function takeIf(values: DerValue[], ...tags: readonly number[]): DerValue | undefined {
  return values[0] && tags.includes(values[0].tag) ? values.shift() : undefined;
}

/** In hexadecimal. */
export const oidOf = (value: DerValue): string => value.content.toString('hex');

/** UTCTime and GeneralizedTime as RFC 5280, section 4.1.2.5, wants them: with seconds, in UTC. */
export function timeMsOf({ tag, content }: DerValue): number {
  const text = content.toString('latin1');
  const [, year = '', month, day, hours, minutes, seconds] =
    /^(\d{2}|\d{4})(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})Z$/.exec(text) ?? [];
  const isShort = tag === Tag.UtcTime;
  if (year.length !== (isShort ? 2 : 4)) throw new RangeError('A time is not as RFC 5280 has it');
  const century = isShort ? (Number(year) >= 50 ? '19' : '20') : '';
  return Date.parse(`${century}${year}-${month}-${day}T${hours}:${minutes}:${seconds}Z`);
}
