import { timeOrderedId } from '../../clock/time-ordered-id.js';
import type { LostTry, Settlement } from '../repository/deliveries.repository.js';
import { nextState } from './retry-policy.js';

const REASON = 'The process ended during this try, or could not record what came of it';

export interface LostSituation {
  readonly nowMs: number;
  /** Waits after the first, second … try. */
  readonly scheduleSeconds: readonly number[];
  /** In [0, 1). */
  readonly random: number;
}

/**
 * What becomes of a delivery whose try was lost. It counts as a try that has failed, since it may be what has ended the
 * process: an update that blocks its handler for good would else be the first that each new dispatcher takes up. But the first
 * wait is none, and the others come one later than after a try that is known to have failed: mostly a process ends for
 * other reasons.
 */
export function lostSettlement(lost: LostTry, { nowMs, scheduleSeconds, random }: LostSituation): Settlement {
  const { deliveryId, owner, leaseUntilMs } = lost;
  const number = lost.attempts + 1;
  return {
    deliveryId,
    owner,
    leaseUntilMs,
    attempt: {
      id: timeOrderedId(nowMs),
      number,
      // When it began, and how long it took, went with the process.
      startedAtMs: nowMs,
      durationMs: 0,
      outcome: 'retry',
      statusCode: null,
      reason: REASON,
    },
    next: nextState(
      { kind: 'retry', reason: REASON },
      { attempt: number, nowMs, scheduleSeconds: [0, ...scheduleSeconds], random },
    ),
    settledAtMs: nowMs,
  };
}
