import { Injectable } from '@nestjs/common';
import type { AccessTokenResponse } from '@gateway/d1-contract';
import { SignJWT } from 'jose';
import { randomUUID } from 'node:crypto';
import { Clock } from '../../clock/clock.js';
import { GatewayConfig } from '../../config/gateway-config.js';
import { SIGNING_ALGORITHM } from '../keys/key-pair.js';
import { SigningKeys } from '../keys/signing-keys.js';

/** `typ` of an access token (RFC 9068, section 2.1). */
export const ACCESS_TOKEN_TYPE = 'at+jwt';

@Injectable()
export class AccessTokenIssuer {
  constructor(
    private readonly config: GatewayConfig,
    private readonly keys: SigningKeys,
    private readonly clock: Clock,
  ) {}

  /** A signed access token (RFC 9068). Nothing is stored: the signature is the record. */
  async issue(clientId: string, scopes: readonly string[]): Promise<AccessTokenResponse> {
    const { server, auth } = this.config;
    const { kid, privateKey } = this.keys.active();
    const issuedAt = Math.floor(this.clock.nowMs() / 1000);
    const expiresAt = issuedAt + auth.accessTokenTtlSeconds;
    const scope = scopes.join(' ');
    const accessToken = await new SignJWT({ client_id: clientId, scope })
      .setProtectedHeader({ typ: ACCESS_TOKEN_TYPE, alg: SIGNING_ALGORITHM, kid })
      .setIssuer(server.publicUrl)
      .setAudience(auth.audience)
      .setSubject(clientId)
      .setJti(randomUUID())
      .setIssuedAt(issuedAt)
      .setExpirationTime(expiresAt)
      .sign(privateKey);
    return {
      access_token: accessToken,
      token_type: 'Bearer',
      expires_in: auth.accessTokenTtlSeconds,
      expires_at: new Date(expiresAt * 1000).toISOString(),
      scope,
    };
  }
}
