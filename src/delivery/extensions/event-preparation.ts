import { Injectable, Logger } from '@nestjs/common';
import { describeCause } from '../../http/log-error.js';
import { eventWithPayload, type OutgoingEvent } from '../destinations/outgoing-event.js';
import { MerchantExtensions } from './merchant-extensions.js';

/** An event as it is to be sent, or why it is not. */
export type Prepared =
  | { readonly kind: 'send'; readonly outgoing: OutgoingEvent }
  | { readonly kind: 'unwanted'; readonly reason: string }
  | { readonly kind: 'unmapped'; readonly reason: string };

/** Asks the merchant's filter and mapper, where a team has provided any. */
@Injectable()
export class EventPreparation {
  private readonly logger = new Logger(EventPreparation.name);

  constructor(private readonly extensions: MerchantExtensions) {}

  /** @param mapped whether what is sent is JSON, which a mapper gives its shape; handlers get the event */
  prepare(outgoing: OutgoingEvent, mapped: boolean): Prepared {
    const reason = this.unwanted(outgoing);
    if (reason !== undefined) return { kind: 'unwanted', reason };
    const mapper = mapped ? this.extensions.mapperOf(outgoing.event.data) : undefined;
    if (!mapper) return { kind: 'send', outgoing };
    try {
      const json: unknown = JSON.stringify(mapper.extension.map(eventWithPayload(outgoing)));
      if (typeof json === 'string') return { kind: 'send', outgoing: { ...outgoing, json } };
      return { kind: 'unmapped', reason: `The mapper of team ${mapper.team} returned no JSON` };
    } catch (error) {
      return { kind: 'unmapped', reason: `The mapper of team ${mapper.team} failed: ${messageOf(error)}` };
    }
  }

  private unwanted(outgoing: OutgoingEvent): string | undefined {
    const filter = this.extensions.filterOf(outgoing.event.data);
    if (!filter) return undefined;
    try {
      const reason: unknown = filter.extension.unwanted(eventWithPayload(outgoing));
      return typeof reason === 'string' ? `Not wanted, says team ${filter.team}: ${reason}` : undefined;
    } catch (error) {
      // The merchant rather gets too much than too little.
      this.logger.error({ msg: 'A filter failed; the event is sent', team: filter.team, cause: describeCause(error) });
      return undefined;
    }
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : typeof error;
}
