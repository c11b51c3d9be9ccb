import { setTimeout as wait } from 'node:timers/promises';

/**
 * Waits until so long after a moment of the monotonic clock. From the beginning of a check on, what came before the refusal, more for
 * one client than for another, must not show. Nor may what is left of a millisecond, which a timer cuts off: it is the first tick
 * from the end on, whenever it was set.
 */
export async function untilElapsed(durationMs: number, sinceMs: number): Promise<void> {
  const leftMs = (): number => sinceMs + durationMs - performance.now();
  while (leftMs() > 0) await wait(Math.ceil(leftMs()));
}
