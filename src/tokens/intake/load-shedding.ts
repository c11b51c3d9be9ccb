/** How long a look at the throughput takes. */
const WINDOW_MS = 250;
/** Weight of the newest look. */
const NEWEST = 0.5;

export interface LoadSheddingOptions {
  /** One more request is refused when it would have to wait longer than this. */
  readonly maxWaitMs: number;
  /** So many are taken in any case, since they share a commit. */
  readonly alwaysTaken: number;
}

/**
 * Says whether one more request can be answered in good time: what is under way, divided by what lately was got done while
 * there was always something to do. A bound of length alone would be minutes on a slow database and too tight on a fast one.
 * Time is monotonic, in milliseconds.
 */
export class LoadShedding {
  private underWay = 0;
  private done = 0;
  private windowStartedMs = 0;
  /** Nothing was waiting at some moment of the window: its throughput says nothing of what is possible. */
  private wasIdle = true;
  /** Undefined until it was once busy for a whole window. */
  private perMs: number | undefined;

  constructor(private readonly options: LoadSheddingOptions) {}

  /** Whether one more would have to wait too long. */
  isOver(nowMs: number): boolean {
    this.look(nowMs);
    return this.underWay >= this.limit;
  }

  /** Obliges to call `end`, however it ends. */
  begin(nowMs: number): void {
    this.look(nowMs);
    this.underWay += 1;
  }

  end(nowMs: number, requests = 1): void {
    this.done += requests;
    this.underWay -= requests;
    if (this.underWay === 0) this.wasIdle = true;
    this.look(nowMs);
  }

  private get limit(): number {
    if (this.perMs === undefined) return Number.POSITIVE_INFINITY;
    return Math.max(this.options.alwaysTaken, this.perMs * this.options.maxWaitMs);
  }

  private look(nowMs: number): void {
    const elapsedMs = nowMs - this.windowStartedMs;
    if (elapsedMs < WINDOW_MS) return;
    if (!this.wasIdle) {
      const perMs = this.done / elapsedMs;
      this.perMs = this.perMs === undefined ? perMs : NEWEST * perMs + (1 - NEWEST) * this.perMs;
    }
    this.done = 0;
    this.windowStartedMs = nowMs;
    this.wasIdle = this.underWay === 0;
  }
}
