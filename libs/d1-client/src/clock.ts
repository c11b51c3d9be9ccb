import { setTimeout as sleep } from 'node:timers/promises';

/** Time as the client sees it; tests give their own, so that none of them has to sleep. */
export interface D1ClientClock {
  /** Milliseconds since the Unix epoch. */
  nowMs(): number;

  /**
   * Resolves once `ms` milliseconds have passed.
   *
   * @throws the signal's reason, if it is aborted before
   */
  wait(ms: number, signal: AbortSignal): Promise<void>;
}

/** The machine's own clock. */
export const systemClock: D1ClientClock = {
  nowMs: () => Date.now(),
  wait: async (ms, signal) => {
    await sleep(ms, undefined, { signal }).catch(() => signal.throwIfAborted());
  },
};
