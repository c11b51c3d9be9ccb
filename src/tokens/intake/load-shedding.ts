/** How long a look at the throughput takes. */
const WINDOW_MS = 250;
/** Weight of the newest look, where it shows less. */
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
  /** The window: a time in which something was under way at every moment, since `windowStartedMs`. */
  private windowStartedMs = 0;
  private done = 0;
  /** How long all that were under way have waited in it, taken together. */
  private waitedMs = 0;
  private countedMs = 0;
  /** Undefined until something was under way for a whole window. */
  private perMs: number | undefined;

  constructor(private readonly options: LoadSheddingOptions) {}

  /** Whether one more would have to wait too long. */
  isOver(nowMs: number): boolean {
    this.look(nowMs);
    return this.underWay > 0 && this.underWay >= this.limit(nowMs);
  }

  /** Obliges to call `end`, however it ends. */
  begin(nowMs: number): void {
    if (this.underWay === 0) this.startWindow(nowMs);
    this.look(nowMs);
    this.underWay += 1;
  }

  end(nowMs: number, requests = 1): void {
    this.done += requests;
    this.look(nowMs);
    this.underWay -= requests;
  }

  private limit(nowMs: number): number {
    const perMs = this.perMs ?? this.firstGuess(nowMs);
    return Math.max(this.options.alwaysTaken, perMs * this.options.maxWaitMs);
  }

  /** An overload right after the start is known before a window has passed: what came first has waited as long as it may. */
  private firstGuess(nowMs: number): number {
    const elapsedMs = nowMs - this.windowStartedMs;
    return elapsedMs < this.options.maxWaitMs ? Number.POSITIVE_INFINITY : this.done / elapsedMs;
  }

  private look(nowMs: number): void {
    if (this.underWay === 0) return;
    this.waitedMs += this.underWay * (nowMs - this.countedMs);
    this.countedMs = nowMs;
    const elapsedMs = nowMs - this.windowStartedMs;
    if (elapsedMs < WINDOW_MS) return;
    this.learn(this.done / elapsedMs, this.waitedMs / this.done);
    this.startWindow(nowMs);
  }

  /**
   * What got done was possible. That less got done shows nothing by itself, as less may have been asked for; but then nobody
   * waited long (L = λW). Where they did, it can do no more.
   */
  private learn(perMs: number, meanWaitMs: number): void {
    if (this.perMs === undefined || perMs > this.perMs) this.perMs = perMs;
    else if (meanWaitMs > this.options.maxWaitMs) this.perMs = NEWEST * perMs + (1 - NEWEST) * this.perMs;
  }

  private startWindow(nowMs: number): void {
    this.windowStartedMs = nowMs;
    this.countedMs = nowMs;
    this.done = 0;
    this.waitedMs = 0;
  }
}
