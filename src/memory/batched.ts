import { setTimeout as wait } from 'node:timers/promises';

interface Batch<Value> {
  readonly keys: Set<string>;
  readonly found: Promise<ReadonlyMap<string, Value>>;
}

/** No engine takes any number of parameters. */
const MAX_KEYS = 500;

/**
 * Loads at once what is wanted now and then, and together what is wanted within `intervalMs` after that: so a flood of keys
 * costs a statement for many of them.
 */
export class Batched<Value> {
  private gathering: Batch<Value> | undefined;
  private loadedAtMs = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly intervalMs: number,
    private readonly load: (keys: readonly string[]) => Promise<ReadonlyMap<string, Value>>,
  ) {}

  async get(key: string): Promise<Value | undefined> {
    if (!this.gathering || this.gathering.keys.size >= MAX_KEYS) this.gathering = this.begin();
    const { keys, found } = this.gathering;
    keys.add(key);
    return (await found).get(key);
  }

  private begin(): Batch<Value> {
    const keys = new Set<string>();
    const pauseMs = this.loadedAtMs + this.intervalMs - performance.now();
    const ready = pauseMs > 0 ? wait(pauseMs) : Promise.resolve();
    const found = ready.then(() => {
      if (this.gathering?.keys === keys) this.gathering = undefined;
      this.loadedAtMs = performance.now();
      return this.load([...keys]);
    });
    return { keys, found };
  }
}
