import { randomUUID } from 'node:crypto';
import type { TokenUpdatedEvent } from '@gateway/merchant-kit';
import type { SampleMerchant } from '@gateway/sample-merchant';
import { Webhook } from 'standardwebhooks';

/** What differs from the webhook that is sent otherwise. */
export interface SentWebhook {
  readonly id?: string;
  readonly tokenId?: string;
  readonly sequence?: number;
  readonly secret?: string;
  readonly signedAt?: Date;
  /** Sent, and signed, instead of an event. */
  readonly body?: string;
  /** Sent instead of the body that was signed. */
  readonly tampered?: string;
}

export function eventOf(tokenId = 'card-1', sequence = 1): TokenUpdatedEvent {
  const receivedAt = '2026-11-23T12:00:00.000Z';
  return {
    type: 'token.updated',
    timestamp: receivedAt,
    data: {
      notificationId: 'notification-1',
      merchantGatewayId: 'MGW_000001',
      merchantId: '10610027312',
      tokenId,
      sequence,
      correlationId: 'correlation-1',
      receivedAt,
    },
  };
}

/** Posts a webhook as the gateway does. */
export function post(
  merchant: Pick<SampleMerchant, 'url' | 'secret'>,
  webhook: SentWebhook = {},
  signal: AbortSignal | null = null,
): Promise<Response> {
  const { id = randomUUID(), tokenId, sequence, secret = merchant.secret, signedAt = new Date() } = webhook;
  const { body = JSON.stringify(eventOf(tokenId, sequence)), tampered = body } = webhook;
  const headers = {
    'content-type': 'application/json',
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(signedAt.getTime() / 1000)),
    'webhook-signature': new Webhook(secret).sign(id, signedAt, body),
  };
  return fetch(merchant.url, { method: 'POST', headers, body: tampered, signal });
}
