import { CompactEncrypt, compactDecrypt } from 'jose';
import { createHmac, hkdfSync } from 'node:crypto';
import type { KeyVault } from './key-vault.js';

const KEY_BYTES = 32;

/**
 * The one secret from which every other at rest is keyed. Each purpose gets a key of its own (HKDF, RFC 5869), so that
 * what is made for one cannot be used for another.
 */
export class MasterKey implements KeyVault {
  // Of the language's own private kind, which no inspection and no serialisation shows.
  readonly #bytes: Buffer;
  readonly #derived = new Map<string, Buffer>();

  constructor(bytes: Buffer) {
    if (bytes.length !== KEY_BYTES) throw new RangeError(`The master key must be ${KEY_BYTES} bytes`);
    this.#bytes = bytes;
  }

  /** A keyed hash (HMAC-SHA-256), base64url. */
  hash(purpose: string, text: string): string {
    return createHmac('sha256', this.derive(purpose)).update(text).digest('base64url');
  }

  /** @returns a compact JWE (RFC 7516) with direct encryption, A256GCM */
  encrypt(purpose: string, plaintext: string): Promise<string> {
    return new CompactEncrypt(Buffer.from(plaintext))
      .setProtectedHeader({ alg: 'dir', enc: 'A256GCM' })
      .encrypt(this.derive(purpose));
  }

  /** @throws JWEDecryptionFailed where the text was not encrypted for this purpose under this key */
  async decrypt(purpose: string, jwe: string): Promise<string> {
    const { plaintext } = await compactDecrypt(jwe, this.derive(purpose), {
      keyManagementAlgorithms: ['dir'],
      contentEncryptionAlgorithms: ['A256GCM'],
    });
    return Buffer.from(plaintext).toString();
  }

  /** A key of its own for each use of a purpose, for ciphers that want one. */
  keyFor(purpose: string, use: string): Buffer {
    return createHmac('sha256', this.derive(purpose)).update(use).digest();
  }

  /** Tells keys apart without giving them away. */
  fingerprint(): string {
    return this.derive('fingerprint').toString('base64url');
  }

  private derive(purpose: string): Buffer {
    let key = this.#derived.get(purpose);
    if (!key) {
      key = Buffer.from(hkdfSync('sha256', this.#bytes, '', `d1-merchant-gateway/${purpose}`, KEY_BYTES));
      this.#derived.set(purpose, key);
    }
    return key;
  }
}
