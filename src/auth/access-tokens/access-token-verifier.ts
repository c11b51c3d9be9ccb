import { Injectable } from '@nestjs/common';
import { errors, jwtVerify, type CryptoKey, type JWTPayload } from 'jose';
import { LRUCache } from 'lru-cache';
import { Clock } from '../../clock/clock.js';
import { GatewayConfig } from '../../config/gateway-config.js';
import { Unauthorized } from '../auth-errors.js';
import type { BoundCertificate } from '../certificates/bound-certificate.js';
import { SIGNING_ALGORITHM } from '../keys/key-pair.js';
import { SigningKeys } from '../keys/signing-keys.js';
import { ACCESS_TOKEN_TYPE, SUBJECT_CLAIM } from './access-token-signer.js';

/** What a good access token says. */
export interface VerifiedAccessToken {
  readonly clientId: string;
  readonly scopes: readonly string[];
  readonly expiresAtMs: number;
  /** In seconds, as the claim has it. */
  readonly issuedAt: number;
  readonly jti: string;
  /** The certificate it is bound to: `cnf` (RFC 8705, section 3.1). */
  readonly boundTo?: BoundCertificate;
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
    const remembered = this.remembered(accessToken);
    if (remembered) return remembered;
    const verified = claimsOf(await this.verifySignature(accessToken));
    this.verified.set(accessToken, verified);
    return verified;
  }

  /** What was verified lately and is still valid. */
  remembered(accessToken: string): VerifiedAccessToken | undefined {
    const remembered = this.verified.get(accessToken);
    return remembered && this.clock.nowMs() < remembered.expiresAtMs ? remembered : undefined;
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
        clockTolerance: auth.clockSkewSeconds + this.doubtSeconds(),
        currentDate: this.clock.now(),
      });
      return payload;
    } catch (error) {
      if (error instanceof errors.JOSEError) throw new Unauthorized('invalid_token', { detail: error.code });
      throw error;
    }
  }

  /** After a jump of the clock, for as long as an access token from before it may live, and no longer. */
  private doubtSeconds(): number {
    return Math.ceil(this.clock.doubtMs(this.config.auth.accessTokenTtlSeconds * 1000) / 1000);
  }

  private async keyFor(kid: string | undefined): Promise<CryptoKey> {
    const key = kid === undefined ? undefined : await this.keys.verificationKey(kid);
    if (!key) throw new errors.JWKSNoMatchingKey();
    return key;
  }
}

function claimsOf({
  exp,
  iat,
  jti,
  client_id: clientId,
  scope,
  cnf,
  [SUBJECT_CLAIM]: subject,
}: JWTPayload): VerifiedAccessToken {
  const isComplete = typeof clientId === 'string' && typeof scope === 'string' && typeof jti === 'string';
  if (!isComplete || exp === undefined || iat === undefined) {
    throw new Unauthorized('invalid_token', { detail: 'A claim is not of its type' });
  }
  const claims = { clientId, scopes: scope.split(' '), expiresAtMs: exp * 1000, issuedAt: iat, jti };
  if (cnf === undefined) return claims;
  const thumbprint = (cnf as Partial<Record<string, unknown>> | null)?.['x5t#S256'];
  // Bound to what is not known here: whoever sends it has not proved to be whom it is for.
  if (typeof thumbprint !== 'string') throw new Unauthorized('invalid_token', { detail: 'A cnf of another kind' });
  return { ...claims, boundTo: { thumbprint, ...(typeof subject === 'string' && { subject }) } };
}
