import { Skipped } from '../support/system.mjs';

/** Of the best rate so much must have been offered, or nothing is shown. */
const MIN_TIMES = 2.9;
/** A generator that is later than that, of a hundred times more than once, shares its core with others, as does the gateway. */
const MAX_LATENESS_MS = 25;
const BARS = { minShare: 0.9, maxP99Ms: 250, maxRecoveryMs: 1000 };
/** Where others have the machine, too, it is they whom that measures: only what no neighbour does is a failure then. */
const QUICK_BARS = { minShare: 0.5, maxP99Ms: 2000, maxRecoveryMs: Number.POSITIVE_INFINITY };

/**
 * @param start tally of the warm-up
 * @param closed tallies of closed loops, which show the best rate
 * @param over tallies of three times that rate
 * @param calm tally of half of it, right after the last overload
 * @param kept correlation ids that are on disk
 * @returns the row of the report
 * @throws Skipped where it was no overload, or others had the machine; never of a quick run
 */
export function judge({ quick, start, closed, over, calm, kept }) {
  const all = [start, ...closed, ...over, calm];
  const lost = all.flatMap(({ acknowledged }) => acknowledged).filter((id) => !kept.has(id));
  const unanswered = sum(all, (tally) => tally.unanswered);
  const { times, lateness, share, accepted, refused, noted } = measured(closed, over);
  const isShown = times >= MIN_TIMES && lateness.p99 <= MAX_LATENESS_MS;
  const faults = [
    ...never(all),
    lost.length > 0 && `${lost.length} lost, as ${lost[0]}`,
    unanswered > 0 && `${unanswered} requests without an answer`,
  ].filter(Boolean);
  // What must never be fails under any load, and is all that a quick run is for; rates and latencies say nothing where it was
  // no overload, or not of ours.
  if (faults.length === 0 && !isShown && !quick) {
    throw new Skipped(
      `others had the machine (the generator must come to ${MIN_TIMES} times the best, and be ${MAX_LATENESS_MS} ms late at most): ${noted}`,
    );
  }
  if (isShown) faults.push(...missed(quick ? QUICK_BARS : BARS, { share, accepted, refused, calm }));
  return {
    passed: faults.length === 0,
    faults,
    sent: sum(over, ({ sent }) => sent),
    accepted: statuses(over, 204),
    unavailable: statuses(over, 503),
    unanswered,
    delivered: '—',
    duplicates: '—',
    lost: lost.length,
    recovered: { intakeMs: calm.lastRefusedMs },
    noted,
  };
}

/** @param tallies of phases of the same length */
export function acceptedPerSecond(tallies) {
  return (1000 * statuses(tallies, 204)) / sum(tallies, ({ lastAcceptedMs }) => lastAcceptedMs);
}

function never(tallies) {
  const others = tallies.flatMap(({ statuses: { 204: _accepted, 503: _refused, ...rest } }) => Object.entries(rest));
  const silent = sum(tallies, ({ withoutRetryAfter }) => withoutRetryAfter);
  return [
    others.length > 0 && `other answers: ${others.map(([status, requests]) => `${requests} × ${status}`).join(', ')}`,
    silent > 0 && `${silent} times 503 without Retry-After`,
  ];
}

function missed({ minShare, maxP99Ms, maxRecoveryMs }, { share, accepted, refused, calm }) {
  return [
    share < minShare && `accepts ${share.toFixed(2)} of the best rate`,
    accepted.p99 >= maxP99Ms && `p99 of 204 is ${Math.round(accepted.p99)} ms`,
    refused.p99 >= maxP99Ms && `p99 of 503 is ${Math.round(refused.p99)} ms`,
    calm.lastRefusedMs > maxRecoveryMs && `still 503 ${Math.round(calm.lastRefusedMs)} ms after the overload's end`,
  ].filter(Boolean);
}

function measured(closed, over) {
  const best = acceptedPerSecond(closed);
  const rate = acceptedPerSecond(over);
  const offered = (1000 * sum(over, ({ sent }) => sent)) / sum(over, ({ durationMs }) => durationMs);
  const [times, share] = [offered / best, rate / best];
  const latencies = (status) => percentiles(over, ({ latenciesMs }) => latenciesMs[status] ?? []);
  const [accepted, refused] = [latencies(204), latencies(503)];
  const lateness = percentiles(over, ({ latenessMs }) => latenessMs);
  const noted =
    `best ${Math.round(best)}/s; offered ${Math.round(offered)}/s (${times.toFixed(2)} times the best), accepted ` +
    `${Math.round(rate)}/s (${share.toFixed(2)} of the best), p50 and p99 of 204 ${inWords(accepted)}, of 503 ${inWords(refused)}; ` +
    `generator ${Math.round(lateness.p99)} ms late (p99)`;
  return { times, lateness, share, accepted, refused, noted };
}

function percentiles(tallies, numbersOf) {
  const sorted = tallies.flatMap(numbersOf).toSorted((a, b) => a - b);
  const at = (share) => sorted[Math.ceil(share * sorted.length) - 1] ?? 0;
  return { p50: at(0.5), p99: at(0.99) };
}

const inWords = ({ p50, p99 }) => `${Math.round(p50)} and ${Math.round(p99)} ms`;

const statuses = (tallies, status) => sum(tallies, (tally) => tally.statuses[status] ?? 0);

const sum = (tallies, numberOf) => tallies.reduce((total, tally) => total + numberOf(tally), 0);
