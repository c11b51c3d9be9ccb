import { sign } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import { WebhookFailure } from './webhook-failure.js';
import { parseWebhookSecret, type WebhookSecret } from '../../../registry/webhook-secret.js';

/** What a signature covers. */
export interface SignedContent {
  readonly id: string;
  readonly timestampSeconds: number;
  readonly body: string;
}

/**
 * The `webhook-signature` header: one signature for each secret, so that a receiver can verify with whichever it has.
 *
 * @throws WebhookFailure where there is no secret, or one that cannot be read
 */
export function webhookSignature(content: SignedContent, secrets: readonly string[]): string {
  if (secrets.length === 0) throw new WebhookFailure('the destination has no signing secret');
  return secrets.map((text) => signatureWith(readable(text), content)).join(' ');
}

function readable(text: string): WebhookSecret {
  const secret = parseWebhookSecret(text);
  if (!secret) throw new WebhookFailure('a signing secret of the destination is malformed');
  return secret;
}

function signatureWith(secret: WebhookSecret, { id, timestampSeconds, body }: SignedContent): string {
  if (secret.scheme === 'v1') {
    return new Webhook(secret.key, { format: 'raw' }).sign(id, new Date(timestampSeconds * 1000), body);
  }
  const signature = sign(null, Buffer.from(`${id}.${timestampSeconds}.${body}`), secret.privateKey);
  return `v1a,${signature.toString('base64')}`;
}
