// For properties over whatever may come: requests as bytes, and what to make them of.
import fc from 'fast-check';
import { sendRaw } from '../../support/http.js';
import { notifyPath, TOKEN } from '../../support/test-gateway.js';

export const RUNS = { numRuns: 300 };
export const TIMEOUT_MS = 60_000;

/** Sends a request as bytes. @returns the status of the first answer, interim ones apart */
export async function statusOf(
  url: string,
  head: readonly string[],
  body: Uint8Array = Buffer.alloc(0),
): Promise<number> {
  const lines = [...head, 'Connection: close', '', ''].join('\r\n');
  const answer = await sendRaw(url, Buffer.concat([Buffer.from(lines, 'latin1'), body]));
  return Number(/^HTTP\/1\.1 ([2-9]\d\d) /m.exec(answer)?.[1]);
}

export function chunked(body: Uint8Array): Uint8Array {
  if (body.length === 0) return Buffer.from('0\r\n\r\n');
  return Buffer.concat([Buffer.from(`${body.length.toString(16)}\r\n`), body, Buffer.from('\r\n0\r\n\r\n')]);
}

export const characterOf = (characters: string): fc.Arbitrary<string> => fc.constantFrom(...characters.split(''));

/** Bytes as characters, but for those that end a line. */
const byte = fc.integer({ min: 0, max: 255 }).filter((code) => code !== 10 && code !== 13);
export const anyText = fc.array(byte, { maxLength: 60 }).map((codes) => String.fromCharCode(...codes));
export const printable = fc.string({ unit: 'grapheme-ascii', maxLength: 60 });

const pathPart = fc.oneof(
  { weight: 4, arbitrary: characterOf('abcXYZ019_-') },
  { weight: 1, arbitrary: fc.constantFrom('%', '%0', '%00', '%2F', '%2f', '%ZZ', '%FF', '%25', '%5F', '%E2%82') },
  { weight: 1, arbitrary: fc.oneof(characterOf('/.;:@&=+$,!~*\'()[]{}|\\^`"<>?#\xe9'), fc.constantFrom('//', '..')) },
);
const segment = fc.array(pathPart, { maxLength: 60 }).map((parts) => parts.join(''));
const orAny = (right: string): fc.Arbitrary<string> => fc.oneof(fc.constant(right), segment);

/** A path of notify-update, each id of it right or anything. */
export const anyPath = fc
  .tuple(orAny('MGW_000001'), orAny('10610027312'), orAny(TOKEN))
  .map((ids) => notifyPath(...ids));
