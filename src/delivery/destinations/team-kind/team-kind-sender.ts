import type { DestinationSettings } from '@gateway/merchant-kit';
import { Injectable } from '@nestjs/common';
import { GatewayConfig } from '../../../config/gateway-config.js';
import { DestinationKinds } from '../../../registry/destination-kinds.js';
import { DestinationSender, type DestinationTarget, type TryContext, type TryResult } from '../destination-sender.js';
import { deliveryLogger } from '../handler/delivery-logger.js';
import { HandlerWatch } from '../handler/handler-watch.js';
import { TeamCall } from '../handler/team-call.js';
import { eventJson, eventWithPayload, type OutgoingEvent } from '../outgoing-event.js';

/** Sends by a kind of destination that a team has brought. */
@Injectable()
export class TeamKindSender extends DestinationSender {
  private readonly call: TeamCall;

  constructor(
    private readonly kinds: DestinationKinds,
    watch: HandlerWatch,
    { delivery }: GatewayConfig,
  ) {
    super();
    this.call = new TeamCall('destination kind', watch, delivery.handlerTimeoutMs);
  }

  async send(target: DestinationTarget, outgoing: OutgoingEvent, context: TryContext): Promise<TryResult> {
    const kind = this.kinds.find(target.kind);
    if (!kind) return { outcome: { kind: 'retry', reason: `There is no kind of destination ${target.kind}` } };
    const { deliveryId, attempt } = context;
    const { correlationId } = outgoing.event.data;
    const logger = deliveryLogger(`destination kind ${target.kind}`, { correlationId, deliveryId });
    const outcome = await this.call.make(kindName(target.kind), context.signal, (signal) => {
      const event = eventWithPayload(outgoing);
      return kind.send(settingsOf(target), { event, json: eventJson(outgoing), deliveryId, attempt, signal, logger });
    });
    return { outcome };
  }
}

/** What the watch calls a kind: a handler may have the same name, and is somebody else's. */
export function kindName(kind: string): string {
  return `kind:${kind}`;
}

function settingsOf({ merchantId, name, url, secrets }: DestinationTarget): DestinationSettings {
  return { merchantId, name, secrets, ...(url !== null && { url }) };
}
