import {
  circuitBreaker,
  CircuitState,
  ConsecutiveBreaker,
  handleWhenResult,
  isBrokenCircuitError,
  type IBackoff,
} from 'cockatiel';
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
  /** Called when the breaker opens here. */
  readonly onPause?: (durationMs: number) => void;
}

/**
 * What one receiver may be given at a time: bounded in number, and nothing while its circuit breaker is open. A paused one
 * is probed with one try; when it answers again, its share doubles with each success, so that it is not run over by what
 * has piled up. A webhook's destination has one of its own; all destinations of a handler share the handler's.
 */
export class Circuit {
  private readonly breaker = circuitBreaker(
    handleWhenResult((result) => (result as TryResult).outcome.kind === 'retry'),
    {
      breaker: new ConsecutiveBreaker(FAILURES_TO_PAUSE),
      halfOpenAfter: { next: ({ attempt }) => this.pause(attempt) },
    },
  );
  private share: number;
  private inFlight = 0;
  private reserved = 0;
  private pausedUntilMs = 0;
  /** Destinations for which there was no place, in the order in which they asked. */
  private readonly queue = new Set<string>();

  constructor(private readonly options: CircuitOptions) {
    this.share = options.concurrency;
    this.breaker.onSuccess(() => (this.share = Math.min(this.share * 2, options.concurrency)));
  }

  /** How many tries may begin now. */
  get free(): number {
    // By the breaker's clock: what is allowed here and refused there would be claimed and given up in turns.
    if (Date.now() < this.pausedUntilMs) return 0;
    return Math.max(0, this.share - this.inFlight - this.reserved);
  }

  get breakerState(): BreakerState {
    if (this.breaker.state === CircuitState.HalfOpen) return 'half_open';
    return this.breaker.state === CircuitState.Closed ? 'closed' : 'open';
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
    this.inFlight += 1;
    try {
      return await this.breaker.execute(make);
    } catch (error) {
      if (isBrokenCircuitError(error)) return undefined;
      throw error;
    } finally {
      this.inFlight -= 1;
    }
  }

  /** The breaker of another instance has opened: the receiver is left alone here, too, and then probed. */
  pauseAsTold(durationMs: number): void {
    // What is not a number would be a pause without end.
    const boundedMs = Math.min(durationMs, LONGEST_PAUSE_MS) || 0;
    const untilMs = Date.now() + boundedMs;
    if (untilMs < this.pausedUntilMs + SAME_PAUSE_MS) return;
    this.share = 1;
    this.pausedUntilMs = untilMs;
  }

  /** Called when the breaker opens, for the first time or again after a probe that failed. */
  private pause(attempt: number): IBackoff<unknown> {
    const duration = Math.min(FIRST_PAUSE_MS * 2 ** (attempt - 1), LONGEST_PAUSE_MS);
    this.share = 1;
    // cockatiel reads the same clock.
    this.pausedUntilMs = Date.now() + duration;
    this.options.onPause?.(duration);
    return { duration, next: (context) => this.pause((context as { attempt: number }).attempt) };
  }
}
