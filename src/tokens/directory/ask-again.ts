import { LRUCache } from 'lru-cache';

const MAX_REMEMBERED = 100_000;
const LONGEST_WAIT_MS = 3_600_000;

interface Wait {
  readonly waitMs: number;
  readonly untilMs: number;
}

/**
 * When each token is asked for again: the waits double, since one that is not known after a day is hardly in a hurry. In
 * memory, so that a restart only asks too soon.
 */
export class AskAgain {
  private readonly waits = new LRUCache<string, Wait>({ max: MAX_REMEMBERED });

  constructor(private readonly firstWaitMs: number) {}

  isDue(key: string, nowMs: number): boolean {
    return nowMs >= (this.waits.get(key)?.untilMs ?? nowMs);
  }

  unknown(key: string, nowMs: number): void {
    const before = this.waits.get(key);
    const waitMs = before ? Math.min(before.waitMs * 2, LONGEST_WAIT_MS) : this.firstWaitMs;
    this.waits.set(key, { waitMs, untilMs: nowMs + waitMs });
  }

  forget(key: string): void {
    this.waits.delete(key);
  }
}
