import type { TokenUpdatedEvent } from './token-updated-event.js';

/** How a token is fetched. */
export interface RefreshOptions {
  /** Ends the call; the handler's own does. */
  readonly signal: AbortSignal;
}

/**
 * Fetches a token's new state from D1 after a notification: a class to implement, and the symbol to inject it by.
 *
 * What the state looks like is the team's own affair, since D1's "get token" is agreed with each. `D1TokenRefresher` of
 * `@gateway/d1-client` is one.
 *
 * @example
 * ```ts
 * constructor(private readonly refresher: TokenRefresher<CardState>) {}
 * // …
 * const state = await this.refresher.refresh(event, { signal });
 * ```
 */
export abstract class TokenRefresher<State = unknown> {
  /**
   * Asks D1 for the token of an event.
   *
   * @returns the token's state; undefined where D1 knows the token no more
   * @throws Error where D1 cannot be asked now: let it through, and the delivery is tried again
   */
  abstract refresh(event: TokenUpdatedEvent, options: RefreshOptions): Promise<State | undefined>;
}
