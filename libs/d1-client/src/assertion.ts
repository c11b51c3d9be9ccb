import { importPKCS8, SignJWT, type CryptoKey } from 'jose';
import { readFile } from 'node:fs/promises';
import type { D1ClientOptions } from './d1-client-options.js';

const ALGORITHM = 'ES256';

/** Makes the assertions that D1 gives access tokens for (RFC 7523, section 2.1). */
export class AssertionSigner {
  private key: Promise<CryptoKey> | undefined;

  constructor(private readonly options: D1ClientOptions) {}

  /** @throws Error that names the file, if it holds no such key */
  async sign(nowMs: number): Promise<string> {
    const { merchantGatewayId, signingKeyId, assertionTtlSeconds = 300, assertionClaims = {} } = this.options;
    const nowSeconds = Math.floor(nowMs / 1000);
    return new SignJWT({ ...assertionClaims })
      .setProtectedHeader({ alg: ALGORITHM, typ: 'JWT', ...(signingKeyId && { kid: signingKeyId }) })
      .setIssuer(merchantGatewayId)
      .setIssuedAt(nowSeconds)
      .setExpirationTime(nowSeconds + assertionTtlSeconds)
      .sign(await this.signingKey());
  }

  private signingKey(): Promise<CryptoKey> {
    this.key ??= this.read();
    return this.key;
  }

  private async read(): Promise<CryptoKey> {
    const { signingKeyFile } = this.options;
    try {
      return await importPKCS8(await readFile(signingKeyFile, 'utf8'), ALGORITHM);
    } catch {
      // Mended while the client lives: read anew with the next call.
      this.key = undefined;
      // Not passed on: what a parser complains of may quote the key.
      throw new Error(`${signingKeyFile} cannot be read, or holds no private key on P-256 (PKCS #8, PEM)`);
    }
  }
}
