import { Injectable } from '@nestjs/common';
import { delivered, retry } from '@gateway/merchant-kit';
import { PayloadCipher } from '../../secrets/payload-cipher.js';
import { EventPreparation } from '../extensions/event-preparation.js';
import type { DestinationTarget, TryContext, TryResult } from './destination-sender.js';
import { HandlerSender } from './handler/handler-sender.js';
import type { OutgoingEvent } from './outgoing-event.js';
import { TeamKindSender } from './team-kind/team-kind-sender.js';
import { WebhookSender } from './webhook/webhook-sender.js';

/**
 * Makes a try by the sender of the destination's kind, after the merchant's filter and mapper have been asked. And the one
 * place where a payload that was encrypted at rest is opened.
 */
@Injectable()
export class DestinationSenders {
  constructor(
    private readonly preparation: EventPreparation,
    private readonly webhook: WebhookSender,
    private readonly handler: HandlerSender,
    private readonly teamKind: TeamKindSender,
    private readonly cipher: PayloadCipher,
  ) {}

  async send(target: DestinationTarget, stored: OutgoingEvent, context: TryContext): Promise<TryResult> {
    const payloadJson = this.cipher.open(stored.event.data.notificationId, stored.payloadJson);
    const prepared = this.preparation.prepare({ ...stored, payloadJson }, target.kind !== 'handler');
    if (prepared.kind === 'send') return this.senderOf(target.kind).send(target, prepared.outgoing, context);
    const { reason } = prepared;
    return prepared.kind === 'unwanted' ? { outcome: delivered(), unwanted: reason } : { outcome: retry({ reason }) };
  }

  private senderOf(kind: string): WebhookSender | HandlerSender | TeamKindSender {
    if (kind === 'webhook') return this.webhook;
    return kind === 'handler' ? this.handler : this.teamKind;
  }
}
