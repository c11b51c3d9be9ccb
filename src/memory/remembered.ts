import { LRUCache } from 'lru-cache';

interface Limits {
  readonly max: number;
  readonly ttlMs: number;
}

/**
 * What was loaded lately, by key; whoever wants the same at the same time shares one load. What is forgotten while it is being
 * loaded may be from before the change, and is loaded again: who waits for it notices nothing.
 */
export class Remembered<Value extends object | boolean> {
  private readonly cache: LRUCache<string, Value>;
  private timesForgotten = 0;

  constructor({ max, ttlMs }: Limits, load: (key: string) => Promise<Value | undefined>) {
    this.cache = new LRUCache({ max, ttl: ttlMs, fetchMethod: load });
  }

  /** At once; undefined says nothing. */
  get(key: string): Value | undefined {
    return this.cache.get(key);
  }

  /** @param options `anew`: though it is remembered */
  async fetch(key: string, { anew = false } = {}): Promise<Value | undefined> {
    for (;;) {
      const { timesForgotten } = this;
      try {
        return await this.cache.fetch(key, { forceRefresh: anew });
      } catch (error) {
        // The cache gives up what it is loading when that is forgotten.
        if (timesForgotten === this.timesForgotten) throw error;
      }
    }
  }

  forget(key: string): void {
    this.timesForgotten += 1;
    this.cache.delete(key);
  }

  forgetAll(): void {
    this.timesForgotten += 1;
    this.cache.clear();
  }
}
