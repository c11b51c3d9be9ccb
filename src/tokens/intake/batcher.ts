export interface BatcherOptions {
  /** Most items of one batch. */
  readonly maxItems: number;
  /** Most batches that are written at the same time. */
  readonly maxConcurrent: number;
  /** Most items that wait; one more is refused at once. */
  readonly maxWaiting: number;
  /** So many are written at once, in the middle of a turn of the event loop: for where another process has the work of it. */
  readonly enoughItems?: number;
  /** Asked once a turn of the event loop before fewer are written: whether they are to wait for the next turn. */
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

  private get mayWrite(): boolean {
    return this.waiting.length > 0 && this.writing < this.options.maxConcurrent;
  }

  private schedule(): void {
    if (!this.mayWrite) return;
    if (this.waiting.length >= (this.options.enoughItems ?? Number.POSITIVE_INFINITY)) void this.writeNext();
    else this.writeAtEndOfTurn();
  }

  /** When all requests that have arrived in this turn of the event loop are here. */
  private writeAtEndOfTurn(): void {
    if (this.scheduled) return;
    this.scheduled = true;
    setImmediate(() => {
      this.scheduled = false;
      const isHeldBack = this.options.isHeldBack?.() ?? false;
      if (this.mayWrite && !isHeldBack) void this.writeNext();
      this.schedule();
    });
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
