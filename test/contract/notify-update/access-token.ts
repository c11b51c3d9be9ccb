import { CompactSign, exportSPKI, importJWK, type CompactJWSHeaderParameters, type CryptoKey } from 'jose';
import { randomUUID } from 'node:crypto';
import { SigningKeys } from '../../../src/auth/keys/signing-keys.js';
import { D1_CLIENT, type TestGateway } from '../../support/test-gateway.js';

export interface Forgery {
  /** In place of what a good access token's header says; undefined leaves a parameter out. */
  readonly header?: Readonly<Record<string, unknown>>;
  /** In place of what a good access token claims; undefined leaves a claim out. */
  readonly claims?: Readonly<Record<string, unknown>>;
  /** In place of the claims as a whole. */
  readonly payload?: string;
  readonly key?: CryptoKey | Uint8Array;
}

/** An access token of D1's client, made with the gateway's own key: good but for what is said. */
export async function accessTokenOf(gateway: TestGateway, forgery: Forgery = {}): Promise<string> {
  const { kid, privateKey } = gateway.app.get(SigningKeys).active();
  const header = { typ: 'at+jwt', alg: 'ES256', kid, ...forgery.header } as CompactJWSHeaderParameters;
  const payload = forgery.payload ?? JSON.stringify(claimsOf(gateway, forgery));
  return new CompactSign(Buffer.from(payload))
    .setProtectedHeader(header)
    .sign(forgery.key ?? privateKey, { crit: { d1: true } });
}

/** The same without a signature (RFC 7518, section 3.6). */
export function unsignedAccessToken(gateway: TestGateway, algorithm: string): string {
  const { kid } = gateway.app.get(SigningKeys).active();
  const header = { typ: 'at+jwt', alg: algorithm, kid };
  return `${base64url(JSON.stringify(header))}.${base64url(JSON.stringify(claimsOf(gateway)))}.`;
}

/** The public key in the forms in which it is to be had: what an attacker would use as a secret. */
export async function publicKeyAsSecrets(gateway: TestGateway): Promise<{ pem: Uint8Array; jwk: Uint8Array }> {
  const { publicJwk } = gateway.app.get(SigningKeys).active();
  const key = (await importJWK({ ...publicJwk, ext: true }, 'ES256')) as CryptoKey;
  return { pem: Buffer.from(await exportSPKI(key)), jwk: Buffer.from(JSON.stringify(publicJwk)) };
}

/** The access token with one part of it changed by hand. */
export function withPart(accessToken: string, part: 0 | 1 | 2, change: (text: string) => string): string {
  return accessToken
    .split('.')
    .map((text, index) => (index === part ? change(text) : text))
    .join('.');
}

export function base64url(text: string): string {
  return Buffer.from(text).toString('base64url');
}

function claimsOf({ clock, config }: TestGateway, { claims }: Forgery = {}): object {
  const now = Math.floor(clock.nowMs() / 1000);
  return {
    client_id: D1_CLIENT,
    scope: 'd1:notify',
    iss: config.server.publicUrl,
    aud: config.auth.audience,
    sub: D1_CLIENT,
    jti: randomUUID(),
    iat: now,
    exp: now + 900,
    ...claims,
  };
}
