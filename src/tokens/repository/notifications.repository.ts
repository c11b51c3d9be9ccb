import type { MerchantRef } from '@gateway/merchant-kit';
import type { UnmatchedReason } from '../entities/unmatched-notification.entity.js';
import type { IncomingCall } from '../incoming-call.js';

/** What became of a call. */
export type Recorded = { readonly kind: 'accepted' } | { readonly kind: 'unmatched'; readonly reason: UnmatchedReason };

/** The same for every call that is. */
export const ACCEPTED: Recorded = { kind: 'accepted' };

/** An unmatched notification that may become one yet. */
export interface OpenCall extends MerchantRef {
  readonly id: string;
  readonly tokenId: string;
}

/** Why a delivery is cancelled that nobody may try. */
export const DISABLED = 'The destination is disabled';

/** What a write came to, and the destinations for which it made deliveries that are due: those of a relay are not yet. */
export interface Written<Result> {
  readonly results: Result;
  readonly dueDestinations: readonly string[];
}

/**
 * Notifications at rest. One implementation for each engine, chosen once at start: what is done here many thousand
 * times a second is written in each engine's own way.
 */
export abstract class NotificationsRepository {
  /**
   * Records calls in one transaction, each as a notification with the token's next `sequence` and a delivery for each
   * destination of the merchant (cancelled where it is disabled), or as an unmatched notification. When it returns, all of that is on disk.
   *
   * @returns what became of each, in the order given
   * @throws the driver's error; nothing is then recorded
   */
  abstract recordBatch(calls: readonly IncomingCall[]): Promise<Written<readonly Recorded[]>>;

  /** Keeps a call that cannot be recorded, with its cause. */
  abstract recordFailed(call: IncomingCall, cause: string): Promise<void>;

  /**
   * Turns unmatched notifications whose token is registered by now into notifications, oldest first. Several instances
   * may do it at once.
   *
   * @returns how many; fewer than `limit` means that none is left
   */
  abstract matchUnmatched(limit: number, nowMs: number): Promise<Written<number>>;

  /**
   * Open unmatched notifications of these merchants whose token is not registered, and whose caller may act for the
   * gateway: in the order of their ids, from the one after `afterId` on. What D1 was told does not matter: the merchant may
   * have been registered since.
   */
  abstract findOpen(merchants: readonly MerchantRef[], afterId: string, limit: number): Promise<readonly OpenCall[]>;
}
