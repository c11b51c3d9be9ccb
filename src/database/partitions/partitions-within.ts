import { periodOfPartition } from './periods.js';

/** A time, in milliseconds since 1970; open to the side that is left out. */
export interface Within {
  readonly fromMs?: number;
  /** Not included. */
  readonly toMs?: number;
}

/**
 * Of a table's partitions, oldest first, those in which something of a time may be. The default one holds what has no partition
 * of its own: it is left out where all of that time has one.
 */
export function partitionsWithin(
  names: readonly string[],
  { fromMs = 0, toMs = Number.POSITIVE_INFINITY }: Within,
): string[] {
  let coveredToMs = fromMs;
  const weeks = names.filter((name) => {
    const period = periodOfPartition(name);
    if (!period || period.startMs >= toMs || period.endMs <= fromMs) return false;
    if (period.startMs <= coveredToMs) coveredToMs = period.endMs;
    return true;
  });
  if (coveredToMs >= toMs) return weeks;
  return [...weeks, ...names.filter((name) => !periodOfPartition(name))];
}
