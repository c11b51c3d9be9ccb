import type { X509Certificate } from 'node:crypto';

/**
 * The names of a certificate as `TLS_CLIENT_SUBJECTS` writes them: its distinguished name (RFC 4514), and its alternative
 * names `DNS:…` and `URI:…`.
 */
export function namesOf({ subject, subjectAltName }: X509Certificate): string[] {
  // Node has one relative name a line, escaped as in RFC 4514, in the order of the encoding; the text has them in reverse.
  const distinguished = (subject ?? '').split('\n').reverse().join(',').replaceAll(' + ', '+');
  return [distinguished, ...alternativeNames(subjectAltName ?? '')].filter(Boolean);
}

/** Node quotes, as JSON, a name in which a comma or a quote stands: none can pass for two. */
const NAME = /(?:^|, )([^:,]+):(?:("(?:[^"\\]|\\.)*")|([^,]*))/g;

function alternativeNames(text: string): string[] {
  return [...text.matchAll(NAME)].flatMap(([, kind, quoted, bare]) =>
    kind === 'DNS' || kind === 'URI' ? [`${kind}:${quoted === undefined ? bare : String(JSON.parse(quoted))}`] : [],
  );
}
