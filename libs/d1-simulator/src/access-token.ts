/** An OAuth access token, as the gateway gave it. */
export interface AccessToken {
  /** `access_token`: a secret while it lasts. */
  readonly value: string;
  /** `token_type`, `Bearer` in whatever case the gateway writes it. */
  readonly tokenType: string;
  /** `expires_in`. */
  readonly expiresInSeconds: number;
  /** `expires_at`: ISO 8601. */
  readonly expiresAt?: string;
  /** `scope` as granted, space-delimited. */
  readonly scope?: string;
}

/**
 * Reads a successful answer of the token endpoint (RFC 6749, section 5.1).
 *
 * @throws Error that names the first field at fault, and never shows the access token
 */
export function parseAccessToken(body: string): AccessToken {
  const fields = parseObject(body);
  const { access_token, token_type, expires_in, expires_at, scope } = fields;
  if (typeof access_token !== 'string' || access_token === '') throw new Error('access_token is missing');
  if (typeof token_type !== 'string' || token_type.toLowerCase() !== 'bearer') {
    throw new Error('token_type is not Bearer');
  }
  if (typeof expires_in !== 'number' || !(expires_in > 0)) throw new Error('expires_in is not a positive number');
  return {
    value: access_token,
    tokenType: token_type,
    expiresInSeconds: expires_in,
    ...(typeof expires_at === 'string' && { expiresAt: expires_at }),
    ...(typeof scope === 'string' && { scope }),
  };
}

function parseObject(body: string): Record<string, unknown> {
  let parsed: unknown;
  try {
    parsed = JSON.parse(body);
  } catch {
    throw new Error('the body is not JSON');
  }
  if (typeof parsed !== 'object' || parsed === null) throw new Error('the body is not a JSON object');
  return parsed as Record<string, unknown>;
}
