import { AccessTokenSource, type ClientCredentials } from './access-token-source.js';
import type { AccessToken } from './access-token.js';
import { openSession, type SessionOptions } from './session.js';

/** A session that has credentials. */
export interface FetchAccessTokenOptions extends SessionOptions {
  readonly credentials: ClientCredentials;
}

/**
 * One access token, fetched as D1 does.
 *
 * @throws AccessTokenError if none is to be had
 * @throws the signal's reason, if it is aborted first
 *
 * @example
 * const { value } = await fetchAccessToken({ baseUrl, credentials: { clientId: 'is_tbank01', clientSecret } });
 */
export async function fetchAccessToken(
  options: FetchAccessTokenOptions,
  signal = new AbortController().signal,
): Promise<AccessToken> {
  const { channel, retry } = openSession(options, 1, signal);
  try {
    return await new AccessTokenSource(channel, options.credentials, retry).get();
  } finally {
    await channel.close();
  }
}
