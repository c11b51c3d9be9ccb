import pLimit from 'p-limit';

/** Does one piece of work at a time, each time that of another key: who has much to do waits for itself. */
export class FairLane {
  private readonly limit = pLimit(1);
  /** In the order in which the keys have their turns. */
  private readonly lines = new Map<string, (() => Promise<void>)[]>();

  /** How many keys have work that waits. */
  get waitingKeys(): number {
    return this.lines.size;
  }

  run<T>(key: string, work: () => Promise<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      this.lines.set(key, [...(this.lines.get(key) ?? []), () => work().then(resolve, reject)]);
      void this.limit(() => this.takeNext()?.());
    });
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
