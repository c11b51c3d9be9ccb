// Every notification, delivery and attempt gets one, so it is on the hot path. A call of the random generator for each id costs
// more than all the rest of it (2.7 % of a notification's time in a profile), and the uuid library builds the text of one from
// twenty pieces (1.1 of the 12 kB of garbage a notification): so both are made for 256 ids at a time, and cut.
import { randomFillSync } from 'node:crypto';
import { rememberingLast } from '../memory/remembering-last.js';

const BYTES_PER_ID = 16;
const IDS_PER_FILL = 256;
const HEX_PER_ID = 2 * BYTES_PER_ID;

const pool = Buffer.allocUnsafe(IDS_PER_FILL * BYTES_PER_ID);
/** The pool as hexadecimal digits. */
let hex = '';
let used = 0;

/** A UUID that sorts by time (version 7, RFC 9562 section 5.7): its first 48 bits are `nowMs`, the others random. */
export function timeOrderedId(nowMs: number): string {
  if (used === hex.length) {
    hex = fill(pool).toString('hex');
    used = 0;
  }
  const at = used;
  used += HEX_PER_ID;
  return `${timeOf(nowMs)}${hex.slice(at + 12, at + 16)}-${hex.slice(at + 16, at + 20)}-${hex.slice(at + 20, at + HEX_PER_ID)}`;
}

/** Random bytes, and in those of each id its version, 7, and its variant, 0b10 (RFC 9562, sections 4.1 and 4.2). */
function fill(bytes: Buffer): Buffer {
  randomFillSync(bytes);
  for (let id = 0; id < bytes.length; id += BYTES_PER_ID) {
    bytes[id + 6] = 0x70 | ((bytes[id + 6] as number) & 0x0f);
    bytes[id + 8] = 0x80 | ((bytes[id + 8] as number) & 0x3f);
  }
  return bytes;
}

/** Calls that share a turn of the event loop come in the same millisecond. */
const timeOf = rememberingLast((nowMs: number) => {
  const digits = Math.trunc(nowMs).toString(16).padStart(12, '0');
  return `${digits.slice(0, 8)}-${digits.slice(8)}-`;
});
