import { Injectable } from '@nestjs/common';
import { errors, jwtVerify, type CryptoKey, type JWTPayload } from 'jose';
import { LRUCache } from 'lru-cache';
import { Clock } from '../../clock/clock.js';
import { GatewayConfig } from '../../config/gateway-config.js';
import { Unauthorized } from '../auth-errors.js';
import { SIGNING_ALGORITHM } from '../keys/key-pair.js';
import { SigningKeys } from '../keys/signing-keys.js';
import { ACCESS_TOKEN_TYPE } from './access-token-issuer.js';

/** What a good access token says. */
export interface VerifiedAccessToken {
  readonly clientId: string;
  readonly scopes: readonly string[];
  readonly expiresAtMs: number;
}

/** How long a signature is not checked again: D1 sends one access token with thousands of notifications. */
const REMEMBERED_MS = 60_000;
const MAX_REMEMBERED = 10_000;

@Injectable()
export class AccessTokenVerifier {
  private readonly verified = new LRUCache<string, VerifiedAccessToken>({ max: MAX_REMEMBERED, ttl: REMEMBERED_MS });

  constructor(
    private readonly config: GatewayConfig,
    private readonly keys: SigningKeys,
    private readonly clock: Clock,
  ) {}

  /** @throws Unauthorized for anything but a valid access token of this gateway (RFC 9068, section 4) */
  async verify(accessToken: string): Promise<VerifiedAccessToken> {
    const remembered = this.verified.get(accessToken);
    if (remembered && this.clock.nowMs() < remembered.expiresAtMs) return remembered;
    const verified = claimsOf(await this.verifySignature(accessToken));
    this.verified.set(accessToken, verified);
    return verified;
  }

  private async verifySignature(accessToken: string): Promise<JWTPayload> {
    const { server, auth } = this.config;
    try {
      const { payload } = await jwtVerify(accessToken, (header) => this.keyFor(header.kid), {
        algorithms: [SIGNING_ALGORITHM],
        typ: ACCESS_TOKEN_TYPE,
        issuer: server.publicUrl,
        audience: auth.audience,
        requiredClaims: ['exp', 'iat', 'sub', 'jti', 'client_id', 'scope'],
        clockTolerance: auth.clockSkewSeconds,
        currentDate: this.clock.now(),
      });
      return payload;
    } catch (error) {
      if (error instanceof errors.JOSEError) throw new Unauthorized('invalid_token', { detail: error.code });
      throw error;
    }
  }

  private async keyFor(kid: string | undefined): Promise<CryptoKey> {
    const key = kid === undefined ? undefined : await this.keys.verificationKey(kid);
    if (!key) throw new errors.JWKSNoMatchingKey();
    return key;
  }
}

function claimsOf({ exp, client_id: clientId, scope }: JWTPayload): VerifiedAccessToken {
  if (typeof clientId !== 'string' || typeof scope !== 'string' || exp === undefined) {
    throw new Unauthorized('invalid_token', { detail: 'A claim is not of its type' });
  }
  return { clientId, scopes: scope.split(' '), expiresAtMs: exp * 1000 };
}
