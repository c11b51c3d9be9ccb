import type { ForMerchants } from './merchant-ref.js';
import type { TokenUpdatedEvent } from './token-updated-event.js';

/**
 * Gives what a merchant's webhooks and own kinds of destination get its shape. Without one, it is the event as JSON.
 * Handlers always get the event.
 *
 * If it throws, or returns what is no JSON, the delivery is tried again later.
 *
 * @example
 * ```ts
 * \@Injectable()
 * class AcmeMapper implements EventMapper {
 *   readonly merchants = [{ merchantGatewayId: 'MGW_000001', merchantId: '10610027312' }];
 *
 *   map({ data }: TokenUpdatedEvent): unknown {
 *     return { card: data.tokenId, version: data.sequence };
 *   }
 * }
 * ```
 */
export interface EventMapper extends ForMerchants {
  /**
   * Makes what is sent of an event. Must depend on nothing else, since a retry makes it again.
   *
   * @returns the JSON value that is sent
   */
  map(event: TokenUpdatedEvent): unknown;
}
