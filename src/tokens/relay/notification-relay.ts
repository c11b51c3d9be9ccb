import type { IncomingCall } from '../incoming-call.js';

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
