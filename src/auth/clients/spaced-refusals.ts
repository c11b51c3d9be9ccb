import { setTimeout as wait } from 'node:timers/promises';

/**
 * More than 50 a second are none that anybody needs. With 250 a flood took half of what the intake did on its core, and with
 * these hardly any.
 */
const SPACING_MS = 20;
/** Nobody waits longer for that. */
const MAX_DELAY_MS = 2000;

/**
 * Refusals, each so long after its request, and one after the other: who guesses on many connections at once asks again as soon
 * as it is answered, and all of it at the same time would keep the intake waiting, again and again.
 */
export class SpacedRefusals {
  private freeFromMs = 0;

  /**
   * From the beginning of the check on: what came before the refusal, more for one client than for another, must not show. Nor
   * may what is left of a millisecond, which a timer cuts off: it is the first tick from the end on, whenever it was set.
   */
  async untilElapsed(durationMs: number, sinceMs: number): Promise<void> {
    await untilMs(sinceMs + durationMs);
    await untilMs(this.nextMs(performance.now()));
  }

  /** @returns when the next one may be answered, which it is taken for */
  nextMs(nowMs: number): number {
    const dueMs = Math.min(Math.max(nowMs, this.freeFromMs), nowMs + MAX_DELAY_MS);
    this.freeFromMs = dueMs + SPACING_MS;
    return dueMs;
  }
}

async function untilMs(endMs: number): Promise<void> {
  const leftMs = (): number => endMs - performance.now();
  while (leftMs() > 0) await wait(Math.ceil(leftMs()));
}
