import { decodeUtf8 } from '../../http/request-body.js';
import type { ClientCredentials } from '../clients/client-authenticator.js';

export type ParsedAuthorization =
  /** No credentials, or those of another scheme. */
  | { readonly kind: 'absent' }
  | { readonly kind: 'malformed'; readonly reason: string }
  /** One reading, or two: as the bytes stand, and form-decoded. */
  | { readonly kind: 'basic'; readonly readings: readonly ClientCredentials[] };

// Both base64 alphabets (D1's documentation says base64url, its example is base64), padding optional.
const BASIC = /^basic +([A-Za-z0-9+/_-]+)={0,2} *$/i;
const SCHEME = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+)( |$)/;
// oxlint-disable-next-line no-control-regex -- RFC 7617, section 2: neither part may hold control characters
const CONTROL = /[\u0000-\u001F\u007F]/;

/**
 * Parses an `Authorization` header strictly (RFC 7617). The secret is everything after the first colon.
 *
 * RFC 6749, section 2.3.1 lets a client form-encode both parts. As a raw secret may itself hold `%` or `+`, both
 * readings are given where they differ; the request is good if either is right.
 */
export function parseBasicAuthorization(header: string | undefined): ParsedAuthorization {
  if (header === undefined || header.trim() === '') return { kind: 'absent' };
  const scheme = SCHEME.exec(header);
  if (scheme?.[1]?.toLowerCase() !== 'basic') {
    return scheme?.[2] === ' ' ? { kind: 'absent' } : malformed('is not a scheme with credentials');
  }
  const encoded = BASIC.exec(header)?.[1];
  if (encoded === undefined || encoded.length % 4 === 1) return malformed('is not base64');
  const text = decodeUtf8(Buffer.from(encoded, 'base64'));
  if (text === undefined) return malformed('is not UTF-8');
  if (CONTROL.test(text)) return malformed('holds control characters');
  const colon = text.indexOf(':');
  if (colon === -1) return malformed('has no colon');
  return {
    kind: 'basic',
    readings: readingsOf({ clientId: text.slice(0, colon), clientSecret: text.slice(colon + 1) }),
  };
}

function malformed(reason: string): ParsedAuthorization {
  return { kind: 'malformed', reason: `Authorization ${reason}` };
}

function readingsOf(raw: ClientCredentials): readonly ClientCredentials[] {
  const clientId = formDecode(raw.clientId);
  const clientSecret = formDecode(raw.clientSecret);
  if (clientId === undefined || clientSecret === undefined) return [raw];
  const same = clientId === raw.clientId && clientSecret === raw.clientSecret;
  return same ? [raw] : [raw, { clientId, clientSecret }];
}

/** @returns undefined where the text is no form encoding, or that of control characters */
function formDecode(text: string): string | undefined {
  try {
    const decoded = decodeURIComponent(text.replaceAll('+', ' '));
    return CONTROL.test(decoded) ? undefined : decoded;
  } catch {
    return undefined;
  }
}

/** Whose secret was guessed, where credentials were wrong. Of two readings the first: it is the text as it came. */
export function guessedClient([reading]: readonly ClientCredentials[]): string {
  return reading?.clientId ?? '';
}
