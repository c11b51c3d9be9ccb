import { exportJWK, exportPKCS8, exportSPKI, generateKeyPair } from 'jose';
import { execFileSync } from 'node:child_process';
import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SigningKeyFile } from '../../../src/auth/keys/signing-key-file.js';
import { loadConfig } from '../../../src/config/load-config.js';

const es256 = await generateKeyPair('ES256', { extractable: true });
const es384 = await generateKeyPair('ES384', { extractable: true });
const rsa = await generateKeyPair('RS256', { extractable: true });

describe('SIGNING_KEY_FILE', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'gateway-key-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  const load = async (text: string): ReturnType<SigningKeyFile['load']> => {
    const SIGNING_KEY_FILE = join(folder, 'key');
    await writeFile(SIGNING_KEY_FILE, text);
    return new SigningKeyFile(loadConfig({ SIGNING_KEY_FILE })).load();
  };

  it.each([
    ['JWK', async () => JSON.stringify(await exportJWK(es256.privateKey))],
    ['PKCS #8 in PEM', () => exportPKCS8(es256.privateKey)],
  ])('may be %s', async (_name, text) => {
    const { x, y } = await exportJWK(es256.publicKey);
    expect((await load(await text()))?.publicJwk).toMatchObject({ kty: 'EC', crv: 'P-256', x, y });
  });

  it.each([
    ['nothing', async () => ''],
    ['no key', async () => 'no key'],
    ['JSON that is no key', async () => 'null'],
    ['a public JWK', async () => JSON.stringify(await exportJWK(es256.publicKey))],
    ['a public key in PEM', () => exportSPKI(es256.publicKey)],
    ['a key on another curve', async () => JSON.stringify(await exportJWK(es384.privateKey))],
    ['a key on another curve in PEM', () => exportPKCS8(es384.privateKey)],
    ['an RSA key', async () => JSON.stringify(await exportJWK(rsa.privateKey))],
    ['a private key that is cut off', async () => (await exportPKCS8(es256.privateKey)).slice(0, 80)],
  ])('must not hold %s', async (_name, text) => {
    await expect(load(await text())).rejects.toThrow(
      /^SIGNING_KEY_FILE cannot be read as a private key on P-256 \(JWK, or PKCS #8 in PEM\)$/,
    );
  });

  describe('in production', () => {
    const production = { NODE_ENV: 'production', PUBLIC_URL: 'https://gateway.test' };
    const loadWith = async (text: string, mode: number, env: object = {}): ReturnType<SigningKeyFile['load']> => {
      const SIGNING_KEY_FILE = join(folder, 'key');
      await writeFile(SIGNING_KEY_FILE, text);
      await chmod(SIGNING_KEY_FILE, mode);
      return new SigningKeyFile(loadConfig({ ...production, SIGNING_KEY_FILE, ...env })).load();
    };

    it.each([
      ['JWK', async () => JSON.stringify(await exportJWK(es256.privateKey))],
      ['PKCS #8 in PEM', () => exportPKCS8(es256.privateKey)],
      [
        'PEM with an encrypted key beside it',
        async () => `${await exportPKCS8(es256.privateKey)}\n${encrypted().text}`,
      ],
    ])('a key in clear is refused, be it its owner’s alone: %s', async (_name, text) => {
      await expect(loadWith(await text(), 0o400)).rejects.toThrow(
        /^SIGNING_KEY_FILE is in clear, which production refuses: encrypt it \(openssl pkcs8 -topk8 /,
      );
    });

    it('it is as openssl encrypts it', async () => {
      const clear = join(folder, 'clear');
      const passphraseFile = join(folder, 'passphrase');
      await writeFile(clear, await exportPKCS8(es256.privateKey));
      await writeFile(passphraseFile, 'a passphrase\n');
      const command = ['pkcs8', '-topk8', '-v2', 'aes-256-cbc', '-in', clear, '-passout', `file:${passphraseFile}`];
      const text = execFileSync('openssl', command, { encoding: 'utf8' });
      const { x, y } = await exportJWK(es256.publicKey);
      const pair = await loadWith(text, 0o600, { SIGNING_KEY_PASSPHRASE_FILE: passphraseFile });
      expect(pair?.publicJwk).toMatchObject({ x, y });
    });

    it('an encrypted one may be read by others, and needs its passphrase', async () => {
      const { privateKey, text } = encrypted();
      const passphraseFile = join(folder, 'passphrase');
      await writeFile(passphraseFile, 'right\n');
      const env = { SIGNING_KEY_PASSPHRASE_FILE: passphraseFile };
      const { x, y } = privateKey.export({ format: 'jwk' });
      expect((await loadWith(text, 0o644, env))?.publicJwk).toMatchObject({ x, y });
      await writeFile(passphraseFile, 'wrong');
      await expect(loadWith(text, 0o644, env)).rejects.toThrow('SIGNING_KEY_FILE cannot be decrypted');
      await expect(loadWith(text, 0o644)).rejects.toThrow('SIGNING_KEY_FILE cannot be decrypted');
    });
  });

  it('must be there', async () => {
    const file = new SigningKeyFile(loadConfig({ SIGNING_KEY_FILE: join(folder, 'none') }));
    await expect(file.load()).rejects.toThrow('SIGNING_KEY_FILE cannot be read');
  });

  it('need not be set', async () => {
    expect(await new SigningKeyFile(loadConfig({})).load()).toBeUndefined();
  });
});

/** With the passphrase `right`. */
function encrypted(): { privateKey: KeyObject; text: string } {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const options = { type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'right' } as const;
  return { privateKey, text: privateKey.export(options).toString() };
}
