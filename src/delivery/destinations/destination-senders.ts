import { Injectable } from '@nestjs/common';
import type { DestinationKind } from '../../registry/entities/destination.entity.js';
import type { DestinationSender } from './destination-sender.js';
import { HandlerSender } from './handler/handler-sender.js';
import { WebhookSender } from './webhook/webhook-sender.js';

/** The sender of each kind of destination. */
@Injectable()
export class DestinationSenders {
  private readonly senders: Readonly<Record<DestinationKind, DestinationSender>>;

  constructor(webhook: WebhookSender, handler: HandlerSender) {
    this.senders = { webhook, handler };
  }

  of(kind: DestinationKind): DestinationSender {
    return this.senders[kind];
  }
}
