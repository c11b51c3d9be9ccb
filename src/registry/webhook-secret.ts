import { createPrivateKey, createPublicKey, randomBytes, type KeyObject } from 'node:crypto';

/** A signing secret of Standard Webhooks, read: a shared key, or a private key on Ed25519. */
export type WebhookSecret =
  { readonly scheme: 'v1'; readonly key: Buffer } | { readonly scheme: 'v1a'; readonly privateKey: KeyObject };

const MIN_KEY_BYTES = 24;
const MAX_KEY_BYTES = 64;
const GENERATED_KEY_BYTES = 32;
const SEED_BYTES = 32;

/** RFC 8410, section 7: what stands before the seed of an Ed25519 key in PKCS #8. */
const PKCS8_PREFIX = Buffer.from('302e020100300506032b657004220420', 'hex');

/** A new shared key, as it is shown to the receiver. */
export function generateWebhookSecret(): string {
  return `whsec_${randomBytes(GENERATED_KEY_BYTES).toString('base64')}`;
}

/**
 * Reads `whsec_` (24 to 64 bytes) or `whsk_` (the 32-byte seed, or seed and public key), in padded base64 as all
 * verifiers read it. Undefined for anything else.
 */
export function parseWebhookSecret(text: string): WebhookSecret | undefined {
  const [, prefix, encoded = ''] = /^(whsec|whsk)_(.*)$/s.exec(text) ?? [];
  const bytes = Buffer.from(encoded, 'base64');
  if (bytes.toString('base64') !== encoded) return undefined;
  return prefix === 'whsec' ? sharedKey(bytes) : privateKey(bytes);
}

function sharedKey(key: Buffer): WebhookSecret | undefined {
  return key.length >= MIN_KEY_BYTES && key.length <= MAX_KEY_BYTES ? { scheme: 'v1', key } : undefined;
}

function privateKey(bytes: Buffer): WebhookSecret | undefined {
  if (bytes.length !== SEED_BYTES && bytes.length !== 2 * SEED_BYTES) return undefined;
  const seed = bytes.subarray(0, SEED_BYTES);
  const key = createPrivateKey({ key: Buffer.concat([PKCS8_PREFIX, seed]), format: 'der', type: 'pkcs8' });
  const belongsTogether = bytes.length === SEED_BYTES || publicBytes(key).equals(bytes.subarray(SEED_BYTES));
  return belongsTogether ? { scheme: 'v1a', privateKey: key } : undefined;
}

function publicBytes(key: KeyObject): Buffer {
  return createPublicKey(key).export({ format: 'der', type: 'spki' }).subarray(-SEED_BYTES);
}
