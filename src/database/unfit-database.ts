/** Why the gateway does not start on this database; trying again does not help. Its message is for an operator, in a line. */
export class UnfitDatabase extends Error {
  override readonly name = 'UnfitDatabase';
}

/** What node and OpenSSL call a certificate that they do not accept. */
const CERTIFICATE_REFUSED =
  /^(ERR_TLS_|CERT_|SELF_SIGNED_CERT|DEPTH_ZERO_SELF_SIGNED|UNABLE_TO_(GET_ISSUER|VERIFY_LEAF)|ERR_SSL_)/;

/** The server speaks no TLS, or shows a certificate that is not accepted: a line about it, in place of tries that end alike. */
export function asUnfit(error: unknown): unknown {
  const { code, message } = (error ?? {}) as { code?: unknown; message?: string };
  if (typeof code === 'string' && CERTIFICATE_REFUSED.test(code)) {
    return new UnfitDatabase(`TLS to PostgreSQL failed: ${message} (${code})`);
  }
  return message === 'The server does not support SSL connections'
    ? new UnfitDatabase('TLS to PostgreSQL failed: the server does not speak TLS')
    : error;
}
