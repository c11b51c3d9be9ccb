import { setTimeout as wait } from 'node:timers/promises';
import pLimit from 'p-limit';

/** Does one piece of work at a time, each time that of another key: who has much to do waits for itself. */
export class FairLane {
  private readonly limit = pLimit(1);
  /** In the order in which the keys have their turns. */
  private readonly lines = new Map<string, (() => Promise<void>)[]>();
  private readonly hurry = new AbortController();

  /** @param restMs how long nothing is done after a piece of work that took so long */
  constructor(private readonly restMs: (tookMs: number) => number = () => 0) {}

  /** How many keys have work that waits. */
  get waitingKeys(): number {
    return this.lines.size;
  }

  run<T>(key: string, work: () => Promise<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      this.lines.set(key, [...(this.lines.get(key) ?? []), () => work().then(resolve, reject)]);
      void this.limit(() => this.doNext());
    });
  }

  /** From now on without a rest. */
  restNoMore(): void {
    this.hurry.abort();
  }

  private async doNext(): Promise<void> {
    const startedMs = performance.now();
    await this.takeNext()?.();
    const restMs = this.restMs(performance.now() - startedMs);
    // It rejects only when there is to be no more rest.
    if (restMs > 0) await wait(restMs, undefined, { ref: false, signal: this.hurry.signal }).catch(() => undefined);
  }

  private takeNext(): (() => Promise<void>) | undefined {
    for (const [key, [first, ...others]] of this.lines) {
      // A map keeps the order of insertion: so the key goes to the end.
      this.lines.delete(key);
      if (others.length > 0) this.lines.set(key, others);
      return first;
    }
    return undefined;
  }
}
