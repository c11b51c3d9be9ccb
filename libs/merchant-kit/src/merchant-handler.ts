import type { Outcome } from './outcome.js';
import type { TokenUpdatedEvent } from './token-updated-event.js';

/** What a handler is told of the try it makes. */
export interface HandlerContext {
  /** The same over all tries of one delivery: what is keyed by it can be repeated without harm. */
  readonly deliveryId: string;
  /** 1 for the first try. */
  readonly attempt: number;
  /** Aborted at the deadline; what the handler returns after that is not heard. */
  readonly signal: AbortSignal;
}

/**
 * A team's own code as a destination, in the gateway's process.
 *
 * `handle` is called at least once for each event, never twice at a time for one token, and in the order of `sequence`
 * where two events of a token are due. Returning a promise that rejects, throwing, not settling before the deadline and
 * returning anything but an `Outcome` all count as `retry`.
 *
 * @example
 * ```ts
 * const vault: MerchantHandler = {
 *   async handle({ data }, { signal }) {
 *     await refresh(data.tokenId, { signal });
 *     return delivered();
 *   },
 * };
 * ```
 */
export interface MerchantHandler {
  handle(event: TokenUpdatedEvent, context: HandlerContext): Outcome | Promise<Outcome>;
}
