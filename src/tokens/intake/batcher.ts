export interface BatcherOptions {
  /** Most items of one batch. */
  readonly maxItems: number;
  /** Most batches that are written at the same time. */
  readonly maxConcurrent: number;
  /** Most items that wait; one more is refused at once. */
  readonly maxWaiting: number;
  /** Asked once a turn of the event loop before a batch is written: whether it is to wait for the next turn. */
  readonly isHeldBack?: () => boolean;
}

interface Waiting<Item, Result> {
  readonly item: Item;
  readonly resolve: (result: Result) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Group commit: what arrives while a batch is being written becomes the next batch. There is no timer, so a lone item
 * is not held up, and the more arrive, the more share one commit.
 */
export class Batcher<Item, Result> {
  private readonly waiting: Waiting<Item, Result>[] = [];
  private writing = 0;
  private scheduled = false;

  /** @param write writes a batch and returns a result for each item, in their order */
  constructor(
    private readonly write: (items: readonly Item[]) => Promise<readonly Result[]>,
    private readonly options: BatcherOptions,
  ) {}

  get isFull(): boolean {
    return this.waiting.length >= this.options.maxWaiting;
  }

  /** @throws what `write` throws for the batch the item is in */
  add(item: Item): Promise<Result> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ item, resolve, reject });
      this.schedule();
    });
  }

  /** At the end of this turn of the event loop, when all requests that have arrived in it are here. */
  private schedule(): void {
    if (this.scheduled || this.writing >= this.options.maxConcurrent || this.waiting.length === 0) return;
    this.scheduled = true;
    setImmediate(() => this.endTurn());
  }

  private endTurn(): void {
    this.scheduled = false;
    if (!this.options.isHeldBack?.()) void this.writeNext();
    this.schedule();
  }

  private async writeNext(): Promise<void> {
    const batch = this.waiting.splice(0, this.options.maxItems);
    this.writing += 1;
    try {
      const results = await this.write(batch.map(({ item }) => item));
      batch.forEach(({ resolve }, index) => resolve(results[index] as Result));
    } catch (error) {
      for (const { reject } of batch) reject(error);
    } finally {
      this.writing -= 1;
      this.schedule();
    }
  }
}
