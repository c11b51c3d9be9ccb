import type { IncomingMessage } from 'node:http';
import type { TokenUpdatedEvent } from '@gateway/merchant-kit';
import { WebhookVerificationError, type Webhook } from 'standardwebhooks';
import { Refusal } from './refusal.js';

/** D1's payload is at most 64 KiB; the event around it is small. */
const MAX_BODY_BYTES = 256 * 1024;

/**
 * Reads a webhook and verifies its signature, before anything in it is believed.
 *
 * @throws Refusal if it is none of the gateway's
 */
export async function readWebhook(
  request: IncomingMessage,
  verifier: Webhook,
): Promise<{ readonly webhookId: string; readonly event: TokenUpdatedEvent }> {
  if (request.method !== 'POST') throw new Refusal(405, 'not a POST');
  const body = await readBody(request);
  const headers = request.headers as Record<string, string>;
  verify(body, headers, verifier);
  return { webhookId: headers['webhook-id']!, event: parseEvent(body) };
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  // Left open when the loop is left: the refusal has yet to go out on this connection.
  for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > MAX_BODY_BYTES) throw new Refusal(413, `more than ${MAX_BODY_BYTES} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}

function verify(body: string, headers: Record<string, string>, verifier: Webhook): void {
  try {
    verifier.verify(body, headers, { jsonParse: false });
  } catch (error) {
    const problem = error instanceof WebhookVerificationError ? error.message : 'unreadable';
    throw new Refusal(401, `signature: ${problem}`);
  }
}

function parseEvent(body: string): TokenUpdatedEvent {
  let parsed: unknown;
  try {
    parsed = JSON.parse(body);
  } catch {
    throw new Refusal(400, 'the body is not JSON');
  }
  if (!isTokenUpdated(parsed)) throw new Refusal(400, 'the body is no token.updated event');
  return parsed;
}

function isTokenUpdated(value: unknown): value is TokenUpdatedEvent {
  const { type, data } = (value ?? {}) as Record<string, unknown>;
  const fields = (data ?? {}) as Record<string, unknown>;
  const texts = ['notificationId', 'merchantGatewayId', 'merchantId', 'tokenId', 'correlationId', 'receivedAt'];
  return (
    type === 'token.updated' &&
    texts.every((name) => typeof fields[name] === 'string') &&
    Number.isInteger(fields.sequence)
  );
}
