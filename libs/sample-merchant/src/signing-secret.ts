import { randomBytes } from 'node:crypto';

/** Standard Webhooks, "Signature scheme": 24 to 64 bytes. */
const MIN_BYTES = 24;
const MAX_BYTES = 64;
const GENERATED_BYTES = 32;

/** A new secret, as gateway and merchant share it: `whsec_` and 32 bytes in base64. */
export function generateSigningSecret(): string {
  return `whsec_${randomBytes(GENERATED_BYTES).toString('base64')}`;
}

/** Whether a text is a secret that the gateway takes: `whsec_` and 24 to 64 bytes in padded base64. */
export function isSigningSecret(text: string): boolean {
  const [, encoded = ''] = /^whsec_(.*)$/s.exec(text) ?? [];
  const bytes = Buffer.from(encoded, 'base64');
  return bytes.toString('base64') === encoded && bytes.length >= MIN_BYTES && bytes.length <= MAX_BYTES;
}
