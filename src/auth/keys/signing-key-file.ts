import { Injectable } from '@nestjs/common';
import { exportJWK, importPKCS8, type JWK } from 'jose';
import { readFile } from 'node:fs/promises';
import { GatewayConfig } from '../../config/gateway-config.js';
import { ConfigurationError } from '../../config/load-config.js';
import { keyPairOf, SIGNING_ALGORITHM, type KeyPair } from './key-pair.js';

/** The signing key given by `SIGNING_KEY_FILE`: a private JWK, or PKCS #8 in PEM. */
@Injectable()
export class SigningKeyFile {
  constructor(private readonly config: GatewayConfig) {}

  /** @returns undefined where the setting is not made */
  async load(): Promise<KeyPair | undefined> {
    const file = this.config.keys.signingKeyFile;
    if (!file) return undefined;
    try {
      const text = await readFile(file, 'utf8');
      return await keyPairOf(text.includes('-----BEGIN') ? await jwkOfPem(text) : (JSON.parse(text) as JWK));
    } catch {
      // The cause is left out: it may quote the file.
      throw new ConfigurationError(
        'SIGNING_KEY_FILE cannot be read as a private key on P-256 (JWK, or PKCS #8 in PEM)',
      );
    }
  }
}

async function jwkOfPem(pem: string): Promise<JWK> {
  return exportJWK(await importPKCS8(pem, SIGNING_ALGORITHM, { extractable: true }));
}
