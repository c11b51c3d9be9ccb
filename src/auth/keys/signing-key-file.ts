import { Injectable } from '@nestjs/common';
import type { JWK } from 'jose';
import { createPrivateKey } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { GatewayConfig } from '../../config/gateway-config.js';
import { ConfigurationError } from '../../config/load-config.js';
import { keyPairOf, type KeyPair } from './key-pair.js';

/** The signing key given by `SIGNING_KEY_FILE`: a private JWK, or PKCS #8 in PEM, which may be encrypted, and in production must. */
@Injectable()
export class SigningKeyFile {
  constructor(private readonly config: GatewayConfig) {}

  /** @returns undefined where the setting is not made */
  async load(): Promise<KeyPair | undefined> {
    const { signingKeyFile: file, signingKeyPassphraseFile } = this.config.keys;
    if (!file) return undefined;
    const text = (await read(file)) ?? '';
    const isEncrypted = isEncryptedPem(text);
    const pair = await keyPairOrFault(text, isEncrypted, signingKeyPassphraseFile);
    if (!isEncrypted && this.config.production) {
      throw new ConfigurationError(
        'SIGNING_KEY_FILE is in clear, which production refuses: encrypt it (openssl pkcs8 -topk8 -v2 aes-256-cbc -in key.pem -out encrypted.pem), and give the passphrase in SIGNING_KEY_PASSPHRASE_FILE',
      );
    }
    return pair;
  }
}

async function keyPairOrFault(text: string, isEncrypted: boolean, passphraseFile?: string): Promise<KeyPair> {
  const passphrase = passphraseFile ? (await read(passphraseFile))?.trim() : undefined;
  try {
    return await keyPairOf(text.includes('-----BEGIN') ? jwkOfPem(text, passphrase) : (JSON.parse(text) as JWK));
  } catch {
    // The cause is left out: it may quote the file.
    throw new ConfigurationError(
      isEncrypted
        ? 'SIGNING_KEY_FILE cannot be decrypted with what SIGNING_KEY_PASSPHRASE_FILE holds, or is no key on P-256'
        : 'SIGNING_KEY_FILE cannot be read as a private key on P-256 (JWK, or PKCS #8 in PEM)',
    );
  }
}

const PRIVATE_KEYS = /-----BEGIN ([A-Z0-9 ]*PRIVATE KEY)-----/g;

/** Whatever private keys the file holds: one in clear beside an encrypted one is in clear. */
function isEncryptedPem(text: string): boolean {
  const kinds = [...text.matchAll(PRIVATE_KEYS)].map(([, kind]) => kind);
  return kinds.length > 0 && kinds.every((kind) => kind === 'ENCRYPTED PRIVATE KEY');
}

const read = (file: string): Promise<string | undefined> => readFile(file, 'utf8').catch(() => undefined);

function jwkOfPem(pem: string, passphrase: string | undefined): JWK {
  const key = createPrivateKey({ key: pem, format: 'pem', ...(passphrase !== undefined && { passphrase }) });
  return key.export({ format: 'jwk' });
}
