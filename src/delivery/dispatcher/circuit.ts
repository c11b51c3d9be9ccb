import type { Clock } from '../../clock/clock.js';
import type { TryResult } from '../destinations/destination-sender.js';

/** So many tries in a row that fail, and the receiver is left alone for a while. */
const FAILURES_TO_PAUSE = 10;
const FIRST_PAUSE_MS = 5000;
const LONGEST_PAUSE_MS = 300_000;
/** What is told twice, or comes back from the database to the instance that told it, differs by the way it took. */
const SAME_PAUSE_MS = 1000;

export type BreakerState = 'closed' | 'open' | 'half_open';

export interface CircuitOptions {
  readonly concurrency: number;
  /** Its monotonic time counts: the system's may be set back by an hour, and a pause must not last an hour longer for that. */
  readonly clock: Pick<Clock, 'monotonicMs'>;
  /** Called when the breaker opens here. */
  readonly onPause?: (durationMs: number) => void;
}

/**
 * What one receiver may be given at a time: bounded in number, and nothing while its breaker is open. A paused one
 * is probed with one try; when it answers again, its share doubles with each success, so that it is not run over by what
 * has piled up. A webhook's destination has one of its own; all destinations of a handler share the handler's.
 */
export class Circuit {
  /** Failures since the last success. */
  private failures = 0;
  /** Since then, too: the breaker is closed while there was none. */
  private pauses = 0;
  private isProbed = false;
  private share: number;
  private inFlight = 0;
  private reserved = 0;
  private pausedUntilMs = Number.NEGATIVE_INFINITY;
  /** Destinations for which there was no place, in the order in which they asked. */
  private readonly queue = new Set<string>();

  constructor(private readonly options: CircuitOptions) {
    this.share = options.concurrency;
  }

  /** How many tries may begin now. */
  get free(): number {
    if (this.isPaused) return 0;
    return Math.max(0, this.share - this.inFlight - this.reserved);
  }

  get breakerState(): BreakerState {
    if (this.pauses === 0) return 'closed';
    return this.isProbed ? 'half_open' : 'open';
  }

  /** Keeps places for what is being claimed; with a negative number, gives them up. */
  reserve(places: number): void {
    this.reserved += places;
  }

  /** Has a destination looked after when there is a place again. */
  wait(destinationId: string): void {
    this.queue.add(destinationId);
  }

  /** The destination that has waited longest, and does not any more. */
  next(): string | undefined {
    const [first] = this.queue;
    if (first !== undefined) this.queue.delete(first);
    return first;
  }

  /**
   * Makes a try that `free` has allowed.
   *
   * @returns undefined where the breaker has opened since, and no try was made
   */
  async run(make: () => Promise<TryResult>): Promise<TryResult | undefined> {
    const isProbe = this.pauses > 0;
    if (isProbe && (this.isPaused || this.isProbed)) return undefined;
    this.isProbed = isProbe;
    this.inFlight += 1;
    try {
      const result = await make();
      // What had begun before the pause says nothing of the receiver after it.
      if (isProbe || this.pauses === 0) this.learnFrom(result);
      return result;
    } finally {
      this.inFlight -= 1;
      if (isProbe) this.isProbed = false;
    }
  }

  /** The breaker of another instance has opened: the receiver is left alone here, too, and then probed. */
  pauseAsTold(durationMs: number): void {
    // What is not a number would be a pause without end.
    const boundedMs = Math.min(durationMs, LONGEST_PAUSE_MS) || 0;
    const untilMs = this.options.clock.monotonicMs() + boundedMs;
    if (untilMs < this.pausedUntilMs + SAME_PAUSE_MS) return;
    this.share = 1;
    this.pausedUntilMs = untilMs;
  }

  private get isPaused(): boolean {
    return this.options.clock.monotonicMs() < this.pausedUntilMs;
  }

  private learnFrom({ outcome }: TryResult): void {
    if (outcome.kind !== 'retry') {
      this.failures = 0;
      this.pauses = 0;
      this.share = Math.min(this.share * 2, this.options.concurrency);
      return;
    }
    this.failures += 1;
    if (this.pauses > 0 || this.failures >= FAILURES_TO_PAUSE) this.pause();
  }

  /** The breaker opens, for the first time or again after a probe that failed. */
  private pause(): void {
    const durationMs = Math.min(FIRST_PAUSE_MS * 2 ** this.pauses, LONGEST_PAUSE_MS);
    this.pauses += 1;
    this.share = 1;
    this.pausedUntilMs = this.options.clock.monotonicMs() + durationMs;
    this.options.onPause?.(durationMs);
  }
}
