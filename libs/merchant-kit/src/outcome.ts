/**
 * What a try to deliver an event returned. A value, not an exception: trouble with a merchant is ordinary.
 */
export type Outcome =
  | { readonly kind: 'delivered' }
  /** It may work later: the delivery stays pending. */
  | { readonly kind: 'retry'; readonly reason: string; readonly afterMs?: number }
  /** It never will: the delivery is dead. */
  | { readonly kind: 'refused'; readonly reason: string };

/** The merchant has the event. */
export function delivered(): Outcome {
  return { kind: 'delivered' };
}

/**
 * Try again later.
 *
 * @param options.reason for operators, at most a line
 * @param options.afterMs not before so many milliseconds; without it, by the gateway's retry schedule
 */
export function retry({ reason, afterMs }: { readonly reason: string; readonly afterMs?: number }): Outcome {
  return { kind: 'retry', reason, ...(afterMs !== undefined && { afterMs }) };
}

/** Never try again. */
export function refused(reason: string): Outcome {
  return { kind: 'refused', reason };
}
