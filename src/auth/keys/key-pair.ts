import { calculateJwkThumbprint, exportJWK, generateKeyPair, importJWK, type CryptoKey, type JWK } from 'jose';

/** ECDSA on P-256 with SHA-256 (RFC 7518, section 3.4): what every party's libraries know. */
export const SIGNING_ALGORITHM = 'ES256';

export interface KeyPair {
  readonly kid: string;
  readonly privateKey: CryptoKey;
  readonly publicJwk: JWK;
}

export async function makePrivateJwk(): Promise<JWK> {
  const { privateKey } = await generateKeyPair(SIGNING_ALGORITHM, { extractable: true });
  return exportJWK(privateKey);
}

/** @throws Error where the JWK is no private key for ES256 */
export async function keyPairOf(privateJwk: JWK): Promise<KeyPair> {
  if (privateJwk.kty !== 'EC' || privateJwk.crv !== 'P-256' || !privateJwk.d) {
    throw new Error('A signing key must be a private key on the curve P-256');
  }
  const publicJwk = await publicJwkOf(privateJwk);
  const privateKey = (await importJWK(privateJwk, SIGNING_ALGORITHM)) as CryptoKey;
  return { kid: publicJwk.kid, privateKey, publicJwk };
}

export async function importPublicKey(jwk: JWK): Promise<CryptoKey> {
  return (await importJWK(jwk, SIGNING_ALGORITHM)) as CryptoKey;
}

async function publicJwkOf({ kty, crv, x, y }: JWK): Promise<JWK & { kid: string }> {
  const bare: JWK = { kty, crv, x, y };
  return { ...bare, kid: await calculateJwkThumbprint(bare), alg: SIGNING_ALGORITHM, use: 'sig' };
}
