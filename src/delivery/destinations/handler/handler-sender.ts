import { Injectable } from '@nestjs/common';
import { GatewayConfig } from '../../../config/gateway-config.js';
import { DestinationSender, type DestinationTarget, type TryContext, type TryResult } from '../destination-sender.js';
import { eventWithPayload, type OutgoingEvent } from '../outgoing-event.js';
import { deliveryLogger } from './delivery-logger.js';
import { HandlerRegistry } from './handler-registry.js';
import { HandlerWatch } from './handler-watch.js';
import { TeamCall } from './team-call.js';

/** Gives an event to a team's code, and turns whatever that does into an outcome. */
@Injectable()
export class HandlerSender extends DestinationSender {
  private readonly call: TeamCall;

  constructor(
    private readonly handlers: HandlerRegistry,
    watch: HandlerWatch,
    { delivery }: GatewayConfig,
  ) {
    super();
    this.call = new TeamCall('handler', watch, delivery.handlerTimeoutMs);
  }

  async send(target: DestinationTarget, outgoing: OutgoingEvent, context: TryContext): Promise<TryResult> {
    const name = target.handler ?? '';
    const registered = this.handlers.find(name);
    if (!registered) return { outcome: { kind: 'retry', reason: `There is no handler ${name}` } };
    const { deliveryId, attempt } = context;
    const { sequence, correlationId } = outgoing.event.data;
    const logger = deliveryLogger(`handler ${name}`, { correlationId, deliveryId });
    const outcome = await this.call.make(name, context.signal, (signal) =>
      registered.handler.handle(eventWithPayload(outgoing), { deliveryId, attempt, sequence, signal, logger }),
    );
    return { outcome };
  }
}
