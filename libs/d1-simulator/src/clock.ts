import { setTimeout as sleep } from 'node:timers/promises';

/** Time as the simulator sees it; tests give their own, so that none of them has to sleep. */
export interface Clock {
  /** Milliseconds since the Unix epoch. */
  now(): number;

  /** Resolves once `ms` milliseconds have passed or `signal` is aborted, whichever is first. Never rejects. */
  wait(ms: number, signal: AbortSignal): Promise<void>;
}

/** The machine's own clock. */
export const systemClock: Clock = {
  now: () => Date.now(),
  wait: (ms, signal) => sleep(ms, undefined, { signal }).catch(() => undefined),
};
