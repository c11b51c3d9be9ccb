import { exportJWK, exportPKCS8, exportSPKI, generateKeyPair } from 'jose';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
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

  it('must be there', async () => {
    const file = new SigningKeyFile(loadConfig({ SIGNING_KEY_FILE: join(folder, 'none') }));
    await expect(file.load()).rejects.toThrow('SIGNING_KEY_FILE cannot be read');
  });

  it('need not be set', async () => {
    expect(await new SigningKeyFile(loadConfig({})).load()).toBeUndefined();
  });
});
