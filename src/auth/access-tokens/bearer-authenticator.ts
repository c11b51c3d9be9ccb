import { Injectable } from '@nestjs/common';
import type { Scope } from '@gateway/d1-contract';
import { rememberingLast } from '../../memory/remembering-last.js';
import { RevokedAccessTokens } from '../revocation/revoked-access-tokens.js';
import { Unauthorized } from '../auth-errors.js';
import { ClientDirectory, type KnownClient } from '../clients/client-directory.js';
import { AccessTokenVerifier, type VerifiedAccessToken } from './access-token-verifier.js';
import type { Caller } from './caller.js';

/** RFC 6750, section 2.1; the scheme in any case (RFC 9110, section 11.1). */
const BEARER = /^bearer +([A-Za-z0-9._~+/-]+=*) *$/i;

/** Proves a caller by its access token. */
@Injectable()
export class BearerAuthenticator {
  /** D1 sends one access token with thousands of notifications: to compare its header costs less than to take it apart anew. */
  private readonly accessTokenIn = rememberingLast(
    (authorization: string | undefined) => BEARER.exec(authorization ?? '')?.[1],
  );

  constructor(
    private readonly verifier: AccessTokenVerifier,
    private readonly clients: ClientDirectory,
    private readonly revoked: RevokedAccessTokens,
  ) {}

  /** @throws Unauthorized where the header holds no valid access token of an enabled client with one of the scopes */
  async authenticate(authorization: string | undefined, ...anyOf: readonly Scope[]): Promise<Caller> {
    const accessToken = this.accessTokenIn(authorization);
    if (accessToken === undefined) throw new Unauthorized('invalid_token', { detail: 'No bearer token' });
    const verified = await this.verifier.verify(accessToken);
    const client = await this.clients.find(verified.clientId);
    if (!client) throw new Unauthorized('invalid_token', { detail: 'The client is disabled or gone' });
    if (this.revoked.has(verified.jti)) throw new Unauthorized('invalid_token', { detail: 'It was revoked' });
    return callerFor(client, verified, anyOf);
  }

  /**
   * The same without waiting, which is a part of each notification's time that can be measured.
   *
   * @returns undefined where access token or client are not remembered: `authenticate` then tells
   * @throws Unauthorized where they are, and the scope is lacking
   */
  recognise(authorization: string | undefined, ...anyOf: readonly Scope[]): Caller | undefined {
    const accessToken = this.accessTokenIn(authorization);
    const verified = accessToken === undefined ? undefined : this.verifier.remembered(accessToken);
    if (!verified || this.revoked.has(verified.jti)) return undefined;
    const client = this.clients.remembered(verified.clientId);
    return client && callerFor(client, verified, anyOf);
  }
}

/** A scope taken from a client since is gone from its access tokens, too. */
function callerFor(client: KnownClient, verified: VerifiedAccessToken, anyOf: readonly Scope[]): Caller {
  if (!anyOf.some((scope) => verified.scopes.includes(scope) && client.scopes.includes(scope))) {
    throw new Unauthorized('insufficient_scope', { detail: `Lacks ${anyOf.join(' or ')}` });
  }
  const { clientId, merchantGateways, isUnlimited } = client;
  const { boundTo } = verified;
  return { clientId, merchantGateways, isUnlimited, ...(boundTo !== undefined && { boundTo }) };
}
