/**
 * What a try to deliver an event came to. A value, not an exception: trouble with a merchant is ordinary. Make one with
 * {@link delivered}, {@link retry} or {@link refused}.
 */
export type Outcome =
  | { readonly kind: 'delivered' }
  /** It may work later: the delivery stays pending. */
  | { readonly kind: 'retry'; readonly reason: string; readonly afterMs?: number }
  /** It never will: the delivery is dead. */
  | { readonly kind: 'refused'; readonly reason: string };

/** What {@link retry} is told. */
export interface RetryOptions {
  /** For operators, at most a line: why it did not work. */
  readonly reason: string;
  /** Not before so many seconds, a day at most. Without it, by the gateway's retry schedule. */
  readonly afterSeconds?: number;
}

/**
 * The merchant has the event.
 *
 * @example
 * ```ts
 * return delivered();
 * ```
 */
export function delivered(): Outcome {
  return { kind: 'delivered' };
}

/**
 * It did not work, and may later. After the last try of the schedule the delivery is dead all the same.
 *
 * @example
 * ```ts
 * return retry({ reason: 'the vault is sealed', afterSeconds: 60 });
 * ```
 */
export function retry({ reason, afterSeconds }: RetryOptions): Outcome {
  return { kind: 'retry', reason, ...(afterSeconds !== undefined && { afterMs: afterSeconds * 1000 }) };
}

/**
 * It will never work: the delivery is dead at once, and operators see why. Where D1 waits for the merchant (relay), it is
 * told so.
 *
 * @param reason - for operators, at most a line
 *
 * @example
 * ```ts
 * return refused('no card of ours');
 * ```
 */
export function refused(reason: string): Outcome {
  return { kind: 'refused', reason };
}
