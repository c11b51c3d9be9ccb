import { Injectable } from '@nestjs/common';
import type { AccessTokenResponse } from '@gateway/d1-contract';
import { LRUCache } from 'lru-cache';
import { randomUUID } from 'node:crypto';
import { Clock } from '../../clock/clock.js';
import { GatewayConfig } from '../../config/gateway-config.js';
import type { BoundCertificate } from '../certificates/bound-certificate.js';
import type { KeyPair } from '../keys/key-pair.js';
import { RevokedAccessTokens } from '../revocation/revoked-access-tokens.js';
import { SigningKeys } from '../keys/signing-keys.js';
import { AccessTokenSigner, type Grant, type SignedAccessToken } from './access-token-signer.js';

/**
 * An access token is given out again while it has this much of its life before it: a client that asks for one with each
 * call gets the same for a while, and signing is most of what an answer costs.
 */
const LIFE_LEFT_TO_REUSE = 0.75;
const MAX_REMEMBERED = 1000;

interface Remembered {
  readonly kid: string;
  readonly jti: string;
  readonly reusedUntilMs: number;
  readonly signed: Promise<SignedAccessToken>;
}

@Injectable()
export class AccessTokenIssuer {
  private readonly remembered = new LRUCache<string, Remembered>({ max: MAX_REMEMBERED });

  constructor(
    private readonly config: GatewayConfig,
    private readonly keys: SigningKeys,
    private readonly signer: AccessTokenSigner,
    private readonly clock: Clock,
    private readonly revoked: RevokedAccessTokens,
  ) {}

  /**
   * @param boundTo the client's certificate, where the access token is to be bound to it
   * @returns an access token with at least three quarters of its life before it
   */
  async issue(clientId: string, scopes: readonly string[], boundTo?: BoundCertificate): Promise<AccessTokenResponse> {
    const scope = scopes.join(' ');
    const { accessToken, expiresAtMs } = await this.signed(clientId, scope, boundTo);
    return {
      access_token: accessToken,
      token_type: 'Bearer',
      // Both in whole seconds, as `exp` is: it says 900 in the second in which the token was made.
      expires_in: expiresAtMs / 1000 - Math.floor(this.clock.nowMs() / 1000),
      expires_at: new Date(expiresAtMs).toISOString(),
      scope,
    };
  }

  private signed(clientId: string, scope: string, boundTo: BoundCertificate | undefined): Promise<SignedAccessToken> {
    const nowMs = this.clock.nowMs();
    const key = this.keys.active();
    // None may hold a line break.
    const request = `${clientId}\n${scope}\n${boundTo?.thumbprint ?? ''}`;
    const remembered = this.remembered.get(request);
    const isGood = remembered?.kid === key.kid && nowMs < remembered.reusedUntilMs && !this.revoked.has(remembered.jti);
    if (isGood) return remembered.signed;
    return this.sign(request, { clientId, scope, nowMs, jti: randomUUID(), boundTo }, key);
  }

  private sign(request: string, grant: Grant, key: KeyPair): Promise<SignedAccessToken> {
    const signed = this.signer.sign(grant, key);
    const reusedForMs = this.config.auth.accessTokenTtlSeconds * 1000 * (1 - LIFE_LEFT_TO_REUSE);
    const remembered = { kid: key.kid, jti: grant.jti, reusedUntilMs: grant.nowMs + reusedForMs, signed };
    this.remembered.set(request, remembered);
    signed.catch(() => {
      if (this.remembered.get(request) === remembered) this.remembered.delete(request);
    });
    return signed;
  }
}
