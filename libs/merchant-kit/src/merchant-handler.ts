import type { HandlerLogger } from './handler-logger.js';
import type { Outcome } from './outcome.js';
import type { TokenUpdatedEvent } from './token-updated-event.js';

/** What a handler is told of the try it makes. */
export interface HandlerContext {
  /** The same over all tries of one delivery: what is keyed by it can be repeated without harm. */
  readonly deliveryId: string;
  /** 1 for the first try. */
  readonly attempt: number;
  /** That of the event: it grows from update to update of a token. What is older than what you have is old news. */
  readonly sequence: number;
  /** Aborted at the deadline (`HANDLER_TIMEOUT_MS`); what the handler returns after that is not heard. */
  readonly signal: AbortSignal;
  /** Writes lines that carry the correlation id. */
  readonly logger: HandlerLogger;
}

/**
 * A team's own code as a destination, in the gateway's process.
 *
 * `handle` is called at least once for each event, never twice at a time for one token, and in the order of `sequence`
 * where two events of a token are due; a retried event may come after a newer one. Returning a promise that rejects,
 * throwing, not settling before the deadline and returning anything but an {@link Outcome} all count as `retry`.
 *
 * @example
 * ```ts
 * \@Injectable()
 * class VaultHandler implements MerchantHandler {
 *   constructor(private readonly vault: Vault) {}
 *
 *   async handle({ data }: TokenUpdatedEvent, { signal, sequence }: HandlerContext): Promise<Outcome> {
 *     const written = await this.vault.markStale(data.tokenId, sequence, { signal });
 *     return written ? delivered() : retry({ reason: 'the vault is sealed', afterSeconds: 60 });
 *   }
 * }
 * ```
 */
export interface MerchantHandler {
  /** Takes one event. Must not block the event loop: other merchants share it. */
  handle(event: TokenUpdatedEvent, context: HandlerContext): Outcome | Promise<Outcome>;

  /**
   * Called once before the first event, where deliveries are made. If it throws, or takes longer than
   * `HANDLER_START_TIMEOUT_MS`, the gateway does not start, and says whose handler it was.
   */
  start?(): void | Promise<void>;

  /** Called once after the last event, when the gateway stops. It has 5 s. */
  stop?(): void | Promise<void>;

  /**
   * Asked for `GET /health/handlers`, with 2 s to answer: true, or why not. It only informs: the gateway goes on taking
   * notifications, and tries go on being made.
   */
  healthy?(): HandlerHealth | Promise<HandlerHealth>;
}

/** `true`, or for people, in a line, what is wrong. */
export type HandlerHealth = true | string;
