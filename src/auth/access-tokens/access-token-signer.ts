import { Injectable } from '@nestjs/common';
import { SignJWT } from 'jose';
import { GatewayConfig } from '../../config/gateway-config.js';
import type { BoundCertificate } from '../certificates/bound-certificate.js';
import { SIGNING_ALGORITHM, type KeyPair } from '../keys/key-pair.js';

/** `typ` of an access token (RFC 9068, section 2.1). */
export const ACCESS_TOKEN_TYPE = 'at+jwt';

/** A claim of our own, beside `cnf`: the subject of the certificate that the access token is bound to. */
export const SUBJECT_CLAIM = 'certificate_subject';

/** What an access token says. */
export interface Grant {
  readonly clientId: string;
  readonly scope: string;
  readonly nowMs: number;
  readonly jti: string;
  readonly boundTo?: BoundCertificate | undefined;
}

export interface SignedAccessToken {
  readonly accessToken: string;
  readonly expiresAtMs: number;
}

@Injectable()
export class AccessTokenSigner {
  constructor(private readonly config: GatewayConfig) {}

  /** A signed access token (RFC 9068). Nothing is stored: the signature is the record. */
  async sign(
    { clientId, scope, nowMs, jti, boundTo }: Grant,
    { kid, privateKey }: KeyPair,
  ): Promise<SignedAccessToken> {
    const { server, auth } = this.config;
    const issuedAt = Math.floor(nowMs / 1000);
    const expiresAt = issuedAt + auth.accessTokenTtlSeconds;
    const accessToken = await new SignJWT({
      client_id: clientId,
      scope,
      // RFC 8705, section 3.1
      ...(boundTo && { cnf: { 'x5t#S256': boundTo.thumbprint } }),
      ...(boundTo?.subject && { [SUBJECT_CLAIM]: boundTo.subject }),
    })
      .setProtectedHeader({ typ: ACCESS_TOKEN_TYPE, alg: SIGNING_ALGORITHM, kid })
      .setIssuer(server.publicUrl)
      .setAudience(auth.audience)
      .setSubject(clientId)
      .setJti(jti)
      .setIssuedAt(issuedAt)
      .setExpirationTime(expiresAt)
      .sign(privateKey);
    return { accessToken, expiresAtMs: expiresAt * 1000 };
  }
}
