import { Injectable } from '@nestjs/common';
import type { JWK } from 'jose';
import { createPrivateKey } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { GatewayConfig } from '../../config/gateway-config.js';
import { ConfigurationError } from '../../config/load-config.js';
import { keyPairOf, type KeyPair } from './key-pair.js';

/** Whoever is neither its owner nor of its group may do nothing with the file, and its group no more than read. */
const TOO_OPEN = 0o037;

/** The signing key given by `SIGNING_KEY_FILE`: a private JWK, or PKCS #8 in PEM, which may be encrypted. */
@Injectable()
export class SigningKeyFile {
  constructor(private readonly config: GatewayConfig) {}

  /** @returns undefined where the setting is not made */
  async load(): Promise<KeyPair | undefined> {
    const { signingKeyFile: file, signingKeyPassphraseFile } = this.config.keys;
    if (!file) return undefined;
    const text = await read(file);
    const isEncrypted = text?.includes('-----BEGIN ENCRYPTED PRIVATE KEY-----') ?? false;
    if (!isEncrypted && text !== undefined && this.config.production) await assertClosed(file);
    const passphrase = signingKeyPassphraseFile ? (await read(signingKeyPassphraseFile))?.trim() : undefined;
    try {
      return await keyPairOf(
        text?.includes('-----BEGIN') ? jwkOfPem(text, passphrase) : (JSON.parse(text ?? '') as JWK),
      );
    } catch {
      // The cause is left out: it may quote the file.
      throw new ConfigurationError(
        isEncrypted
          ? 'SIGNING_KEY_FILE cannot be decrypted with what SIGNING_KEY_PASSPHRASE_FILE holds, or is no key on P-256'
          : 'SIGNING_KEY_FILE cannot be read as a private key on P-256 (JWK, or PKCS #8 in PEM)',
      );
    }
  }
}

const read = (file: string): Promise<string | undefined> => readFile(file, 'utf8').catch(() => undefined);

function jwkOfPem(pem: string, passphrase: string | undefined): JWK {
  const key = createPrivateKey({ key: pem, format: 'pem', ...(passphrase !== undefined && { passphrase }) });
  return key.export({ format: 'jwk' });
}

async function assertClosed(file: string): Promise<void> {
  const { mode } = await stat(file);
  if ((mode & TOO_OPEN) === 0) return;
  throw new ConfigurationError(
    'SIGNING_KEY_FILE is in clear and open to others: take their permissions away (chmod 600), or encrypt it (SIGNING_KEY_PASSPHRASE_FILE)',
  );
}
