import type { HandlerLogger } from './handler-logger.js';
import type { HandlerHealth } from './merchant-handler.js';
import type { Outcome } from './outcome.js';
import type { TokenUpdatedEvent } from './token-updated-event.js';

/** A destination of a team's own kind, as the provisioning file declares it. */
export interface DestinationSettings {
  /** Whose it is: 11 characters. */
  readonly merchantId: string;
  /** Unique within the merchant. */
  readonly name: string;
  /** As declared; what it means is the kind's own affair. */
  readonly url?: string;
  /** As declared under `secret` and `previousSecret`, in clear, newest first. */
  readonly secrets: readonly string[];
}

/** What is sent, and what is known of the try. */
export interface OutgoingMessage {
  /** What has happened. */
  readonly event: TokenUpdatedEvent;
  /** The JSON text to send: the event, or what the merchant's `EventMapper` made of it. */
  readonly json: string;
  /** The same over all tries. */
  readonly deliveryId: string;
  /** 1 for the first try. */
  readonly attempt: number;
  /** Aborted at the deadline (`HANDLER_TIMEOUT_MS`). */
  readonly signal: AbortSignal;
  /** Writes lines that carry the correlation id. */
  readonly logger: HandlerLogger;
}

/**
 * A kind of destination beside `webhook` and `handler`: a message bus, a mainframe, a queue. Retries, order, rate and
 * breaker are the gateway's; the kind makes one try.
 *
 * @example
 * ```ts
 * \@Injectable()
 * class BusKind implements DestinationKind {
 *   constructor(private readonly bus: Bus) {}
 *
 *   async send({ url }: DestinationSettings, { json, deliveryId, signal }: OutgoingMessage): Promise<Outcome> {
 *     await this.bus.publish(url ?? 'cards', json, { key: deliveryId, signal });
 *     return delivered();
 *   }
 * }
 * ```
 */
export interface DestinationKind {
  /** What is wrong with a destination that is being declared, in a line; undefined where nothing is. */
  problem?(settings: DestinationSettings): string | undefined;

  /** Makes one try. Throwing, and not settling before the deadline, count as `retry`. */
  send(settings: DestinationSettings, message: OutgoingMessage): Outcome | Promise<Outcome>;

  /** As that of a handler: it stands there as `kind:<name>`. Since 1.1. */
  healthy?(): HandlerHealth | Promise<HandlerHealth>;
}
