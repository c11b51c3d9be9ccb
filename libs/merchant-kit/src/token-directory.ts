import type { HandlerHealth } from './merchant-handler.js';
import type { ForMerchants, MerchantRef } from './merchant-ref.js';

/**
 * Says whether a token exists, from a team's own vault. Without one, the gateway's registry decides.
 *
 * It is asked while D1 waits, and only for tokens that are not registered: one that it knows becomes registered, and stays
 * so, since its deletion is an update, too. One that it does not know is answered as unknown (404); D1's call is kept, the
 * directory is asked again (every `UNMATCHED_SWEEP_SECONDS` at first, then less and less often, once an hour at last), and
 * the update goes out when it knows the token. Not answering within {@link TokenDirectory.timeoutMs}, or throwing, makes D1 try
 * again (503).
 *
 * @example
 * ```ts
 * \@Injectable()
 * class VaultDirectory implements TokenDirectory {
 *   readonly merchants = [{ merchantGatewayId: 'MGW_000001', merchantId: '10610027312' }];
 *   readonly timeoutMs = 500;
 *   constructor(private readonly vault: Vault) {}
 *
 *   has(_merchant: MerchantRef, tokenId: string, signal: AbortSignal): Promise<boolean> {
 *     return this.vault.contains(tokenId, { signal });
 *   }
 * }
 * ```
 */
export interface TokenDirectory extends ForMerchants {
  /** Most milliseconds an answer may take; 1000 where it is not set, 5000 at most. */
  readonly timeoutMs?: number;
  /** For how many seconds a token that it does not know is not asked for again; 5 where it is not set. */
  readonly rememberSeconds?: number;

  /**
   * Says whether the merchant has the token.
   *
   * @throws Error where it cannot be said now: D1 tries again
   */
  has(merchant: MerchantRef, tokenId: string, signal: AbortSignal): boolean | Promise<boolean>;

  /** As that of a handler, and only where notifications are taken: it stands there as `directory:<team>`. Since 1.1. */
  healthy?(): HandlerHealth | Promise<HandlerHealth>;
}
