/** Why a try came to nothing, in words that may be shown: no secret, no URL, nothing that the receiver wrote. */
export class WebhookFailure extends Error {
  override readonly name = 'WebhookFailure';
}

/** Codes of node and undici (and a name, where it sets no code) whose meaning is worth a word. */
const MEANINGS: Readonly<Record<string, string>> = {
  EAI_AGAIN: 'the name server does not answer',
  ECONNREFUSED: 'connection refused',
  ECONNRESET: 'connection reset',
  EHOSTUNREACH: 'host unreachable',
  ENETUNREACH: 'network unreachable',
  ENOTFOUND: 'host not found',
  EPIPE: 'connection closed by the receiver',
  ERR_TLS_CERT_ALTNAME_INVALID: 'the certificate is for another host',
  CERT_HAS_EXPIRED: 'the certificate has expired',
  HTTPParserError: 'the answer is not HTTP',
  ETIMEDOUT: 'no connection in time',
  UND_ERR_CONNECT_TIMEOUT: 'no connection in time',
  UND_ERR_HEADERS_OVERFLOW: 'the headers of the answer are too long',
  UND_ERR_SOCKET: 'connection closed before there was an answer',
};

/** A line for operators, made of error codes only: messages may repeat what was sent, or what the receiver wrote. */
export function failureReason(error: unknown): string {
  if (error instanceof WebhookFailure) return error.message;
  const code = codeOf(error);
  return `${MEANINGS[code] ?? 'the request failed'} (${code})`;
}

function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return typeof error;
  const { code } = error as { code?: unknown };
  return typeof code === 'string' && /^[A-Z0-9_]{1,64}$/.test(code) ? code : error.name;
}
