/** What instances tell one another: that something has changed, and never what it is now. */
export type Topic =
  /** New deliveries are due; the items are destinations. */
  | 'due'
  /** Clients were changed. */
  | 'clients'
  /** Access tokens were revoked. */
  | 'revoked'
  /** Merchants, tokens or destinations were registered or changed. */
  | 'registered'
  /** Destinations were disabled; the items are destinations. */
  | 'destinations'
  /** Destinations are paused; the items are destinations, each with the pause's length in milliseconds behind a blank. */
  | 'paused';

/** @param items what it is about; empty: anything may have changed, look yourself */
export type Listener = (items: readonly string[]) => void;

/**
 * Tells the other instances on this database, and hears from them. A notice may get lost (a crash, a connection that broke), so
 * nothing depends on it: what it says is found without it, too, only later. After a time without connection every
 * listener is told to look.
 */
export abstract class InstanceChannel {
  /** To be called after the commit. Returns at once and never throws; notices that come close together become one. */
  abstract publish(topic: Topic, items?: readonly string[]): void;

  /** The listener hears what others have published, and nothing of this instance's own. */
  abstract subscribe(topic: Topic, listener: Listener): void;
}

/** On SQLite there is one instance, and nobody to tell. */
export class SilentChannel implements InstanceChannel {
  publish(): void {}

  subscribe(): void {}
}
