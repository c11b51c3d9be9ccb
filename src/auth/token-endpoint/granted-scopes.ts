import { OAuthErrorCode } from '@gateway/d1-contract';
import { InvalidAccessTokenRequest } from '../auth-errors.js';

/**
 * The scopes a client gets: those it asks for, or all it may have where it asks for none (RFC 6749, section 3.3).
 *
 * @throws InvalidAccessTokenRequest `invalid_scope`, where it asks for one it may not have
 */
export function grantedScopes(requested: string | undefined, allowed: readonly string[]): readonly string[] {
  if (requested === undefined) return allowed;
  const scopes = [...new Set(requested.split(' '))];
  if (!scopes.every((scope) => allowed.includes(scope))) {
    throw new InvalidAccessTokenRequest(
      OAuthErrorCode.InvalidScope,
      'scope holds a value that this client may not have',
    );
  }
  return scopes;
}
