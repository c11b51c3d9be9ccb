import { emptyHistogram, percentileMs, type Histogram } from './latency.js';
import type { Latency, OverviewMinute } from './overview.js';
import { WINDOW_MS, type Slice } from './recent-slices.js';

const MINUTE_MS = 60_000;

/** Whose numbers are wanted. */
export interface Visible {
  readonly merchantGateways: ReadonlySet<string>;
  readonly destinations: ReadonlySet<string>;
}

interface Tally {
  accepted: number;
  readonly histogram: number[];
}

/** The hour before a time, minute by minute, and the latency over all of it. */
export function minutesOf(
  slices: readonly Slice[],
  visible: Visible,
  nowMs: number,
): { minutes: OverviewMinute[]; latency: Latency } {
  const tallies = emptyTallies(nowMs);
  const all = emptyHistogram();
  for (const slice of slices) {
    const tally = tallies.get(Math.floor(slice.startMs / MINUTE_MS));
    for (const { merchantGatewayId, count } of slice.accepted) {
      if (tally && visible.merchantGateways.has(merchantGatewayId)) tally.accepted += Number(count);
    }
    for (const { destinationId, bucket, count } of slice.delivered) {
      if (!visible.destinations.has(destinationId)) continue;
      add(all, bucket, Number(count));
      if (tally) add(tally.histogram, bucket, Number(count));
    }
  }
  return { minutes: [...tallies].map(minuteOf), latency: latencyOf(all) };
}

function emptyTallies(nowMs: number): Map<number, Tally> {
  const tallies = new Map<number, Tally>();
  for (let atMs = nowMs - WINDOW_MS; atMs <= nowMs; atMs += MINUTE_MS) {
    tallies.set(Math.floor(atMs / MINUTE_MS), { accepted: 0, histogram: emptyHistogram() });
  }
  return tallies;
}

function minuteOf([minute, { accepted, histogram }]: [number, Tally]): OverviewMinute {
  const delivered = histogram.reduce((sum, count) => sum + count, 0);
  return { at: new Date(minute * MINUTE_MS).toISOString(), accepted, delivered, ...latencyOf(histogram) };
}

function latencyOf(histogram: Histogram): Readonly<Latency> {
  return {
    p50Ms: percentileMs(histogram, 0.5),
    p95Ms: percentileMs(histogram, 0.95),
    p99Ms: percentileMs(histogram, 0.99),
  };
}

function add(histogram: number[], bucket: number, count: number): void {
  histogram[bucket] = (histogram[bucket] ?? 0) + count;
}
