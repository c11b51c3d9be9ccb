import { Injectable, Logger } from '@nestjs/common';
import { describeCause } from '../../http/log-error.js';
import { HandlerWatch } from '../destinations/handler/handler-watch.js';
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

  constructor(
    private readonly extensions: MerchantExtensions,
    private readonly watch: HandlerWatch,
  ) {}

  /** @param mapped whether what is sent is JSON, which a mapper gives its shape; handlers get the event */
  prepare(outgoing: OutgoingEvent, mapped: boolean): Prepared {
    const reason = this.unwanted(outgoing);
    if (reason !== undefined) return { kind: 'unwanted', reason };
    const mapper = mapped ? this.extensions.mapperOf(outgoing.event.data) : undefined;
    if (!mapper) return { kind: 'send', outgoing };
    try {
      const event = eventWithPayload(outgoing);
      // Getters and `toJSON` are the team's code, too.
      const map = (): unknown => JSON.stringify(mapper.extension.map(event));
      const json = this.watch.runSync(`mapper:${mapper.team}`, map);
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
      const event = eventWithPayload(outgoing);
      const reason: unknown = this.watch.runSync(`filter:${filter.team}`, () => filter.extension.unwanted(event));
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
