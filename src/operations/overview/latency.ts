/** Upper ends of the histogram's buckets, in milliseconds; what is slower than the last is in one more. */
export const LATENCY_BOUNDS_MS = [
  5, 10, 20, 35, 50, 75, 100, 150, 200, 350, 500, 750, 1000, 1500, 2000, 3500, 5000, 10_000, 30_000, 60_000, 300_000,
  1_800_000, 10_800_000,
] as const;

/** How many took how long: a count for each bucket. */
export type Histogram = readonly number[];

export function emptyHistogram(): number[] {
  return Array.from({ length: LATENCY_BOUNDS_MS.length + 1 }, () => 0);
}

/**
 * Below which `share` of all are: exact to the bucket, estimated within it.
 *
 * @returns milliseconds, or null where there are none
 */
export function percentileMs(histogram: Histogram, share: number): number | null {
  const total = histogram.reduce((sum, count) => sum + count, 0);
  if (total === 0) return null;
  const wanted = total * share;
  let below = 0;
  for (const [bucket, count] of histogram.entries()) {
    if (count > 0 && below + count >= wanted) return Math.round(within(bucket, (wanted - below) / count));
    below += count;
  }
  return null;
}

/** The last bucket has no end: what is in it is said to be as slow as its beginning. */
function within(bucket: number, part: number): number {
  const from = LATENCY_BOUNDS_MS[bucket - 1] ?? 0;
  const to = LATENCY_BOUNDS_MS[bucket] ?? from;
  return from + (to - from) * part;
}

/** The bucket of a latency, as SQL. */
export function bucketSql(latencyMs: string): string {
  const cases = LATENCY_BOUNDS_MS.map((bound, bucket) => `when ${latencyMs} <= ${bound} then ${bucket}`);
  return `case ${cases.join(' ')} else ${LATENCY_BOUNDS_MS.length} end`;
}
