import type { ForMerchants } from './merchant-ref.js';
import type { TokenUpdatedEvent } from './token-updated-event.js';

/**
 * Drops what a merchant does not want. Without one, it gets everything. What is dropped is on record as cancelled, with the
 * reason, and operators can replay it (it is then asked again).
 *
 * If it throws, the event is delivered: a merchant rather gets too much than too little.
 *
 * @example
 * ```ts
 * \@Injectable()
 * class AcmeFilter implements NotificationFilter {
 *   readonly merchants = [{ merchantGatewayId: 'MGW_000001', merchantId: '10610027312' }];
 *
 *   unwanted({ data }: TokenUpdatedEvent): string | undefined {
 *     return data.tokenId.startsWith('test-') ? 'a test card' : undefined;
 *   }
 * }
 * ```
 */
export interface NotificationFilter extends ForMerchants {
  /**
   * Decides before each try.
   *
   * @returns why the event is dropped, in a line; undefined where it is wanted
   */
  unwanted(event: TokenUpdatedEvent): string | undefined;
}
