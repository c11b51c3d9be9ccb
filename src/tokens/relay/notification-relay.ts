import type { IncomingCall } from '../incoming-call.js';

/**
 * How long the deliveries of a merchant on relay are left to the relay before a dispatcher takes them up: longer than any
 * deadline, so that they are taken up only where the relay has died.
 */
export const RELAY_HEAD_START_MS = 30_000;

export type RelayOutcome =
  | { readonly kind: 'accepted' }
  /** The merchant refused the update for good: D1 is told so. */
  | { readonly kind: 'refused'; readonly reason: string };

/**
 * What happens between the commit of a notification and D1's answer. Called once for each accepted notification, after
 * it is on disk; D1 waits for it, so it must settle within a deadline of its own and must not throw: whatever is not a
 * refusal for good is `accepted`, since the gateway has the notification.
 */
export abstract class NotificationRelay {
  abstract relay(notification: IncomingCall): RelayOutcome | Promise<RelayOutcome>;
}
