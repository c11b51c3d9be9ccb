import type { TokenUpdatedEvent } from '@gateway/merchant-kit';
import type { ReceivedWebhook } from './received.js';

/** All webhooks in the order of their arrival. Tells what came before, and what came too late. */
export class Inbox {
  readonly received: ReceivedWebhook[] = [];
  private readonly webhookIds = new Set<string>();
  private readonly newestSequences = new Map<string, number>();

  /** Files a webhook with what the ones before it make of it. */
  add(webhook: Omit<ReceivedWebhook, 'duplicate' | 'outOfOrder'>): ReceivedWebhook {
    const { webhookId, event } = webhook;
    const token = tokenKey(event);
    const newest = this.newestSequences.get(token) ?? 0;
    const filed = {
      ...webhook,
      duplicate: this.webhookIds.has(webhookId),
      outOfOrder: event.data.sequence < newest,
    };
    this.webhookIds.add(webhookId);
    this.newestSequences.set(token, Math.max(newest, event.data.sequence));
    this.received.push(filed);
    return filed;
  }
}

function tokenKey({ data }: TokenUpdatedEvent): string {
  return `${data.merchantGatewayId}/${data.merchantId}/${data.tokenId}`;
}
