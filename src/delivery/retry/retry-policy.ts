import type { Outcome } from '@gateway/merchant-kit';

/** What becomes of a delivery after a try. */
export type NextState =
  | { readonly state: 'delivered' }
  | { readonly state: 'dead'; readonly reason: string }
  /** The merchant does not want it. */
  | { readonly state: 'cancelled'; readonly reason: string }
  | { readonly state: 'pending'; readonly dueAtMs: number; readonly reason: string };

export interface RetrySituation {
  /** Tries that have ended, this one included. */
  readonly attempt: number;
  readonly nowMs: number;
  /** Waits after the first, second … try. */
  readonly scheduleSeconds: readonly number[];
  /** In [0, 1). */
  readonly random: number;
}

/** So that what failed together is not tried together again. */
const JITTER = 0.2;

/**
 * The retry policy. The schedule is data; a receiver's own wish (`afterMs`) goes before it, but makes no more tries of it.
 */
export function nextState(outcome: Outcome, situation: RetrySituation): NextState {
  if (outcome.kind === 'delivered') return { state: 'delivered' };
  if (outcome.kind === 'refused') return { state: 'dead', reason: outcome.reason };
  const scheduledSeconds = situation.scheduleSeconds[situation.attempt - 1];
  if (scheduledSeconds === undefined)
    return { state: 'dead', reason: `${outcome.reason} (the last of ${situation.attempt} tries)` };
  const waitMs = outcome.afterMs ?? jittered(scheduledSeconds * 1000, situation.random);
  return { state: 'pending', dueAtMs: situation.nowMs + Math.round(waitMs), reason: outcome.reason };
}

function jittered(ms: number, random: number): number {
  return ms * (1 - JITTER + 2 * JITTER * random);
}
