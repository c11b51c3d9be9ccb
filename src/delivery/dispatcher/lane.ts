import { circuitBreaker, ConsecutiveBreaker, handleWhenResult, isBrokenCircuitError, type IBackoff } from 'cockatiel';
import type { TryResult } from '../destinations/destination-sender.js';

/** So many tries in a row that fail, and the destination is left alone for a while. */
const FAILURES_TO_PAUSE = 10;
const FIRST_PAUSE_MS = 5000;
const LONGEST_PAUSE_MS = 300_000;
const SECOND_MS = 1000;

export interface LaneOptions {
  readonly concurrency: number;
  readonly ratePerSecond: number | null;
}

/**
 * What one destination may be given now: bounded in number and rate, and nothing while its circuit breaker is open. A
 * paused destination is probed with one try; when it answers again, its share doubles with each success, so that it is
 * not run over by what has piled up.
 */
export class Lane {
  private readonly breaker = circuitBreaker(
    handleWhenResult((result) => (result as TryResult).outcome.kind === 'retry'),
    {
      breaker: new ConsecutiveBreaker(FAILURES_TO_PAUSE),
      halfOpenAfter: { next: ({ attempt }) => this.pause(attempt) },
    },
  );
  private share: number;
  private inFlight = 0;
  private pausedUntilMs = 0;
  private readonly startedMs: number[] = [];

  constructor(private readonly options: LaneOptions) {
    this.share = options.concurrency;
    this.breaker.onSuccess(() => (this.share = Math.min(this.share * 2, options.concurrency)));
  }

  /** How many tries may begin now. */
  free(nowMs: number): number {
    // By the breaker's clock: what is allowed here and refused there would be claimed and given up in turns.
    if (Date.now() < this.pausedUntilMs) return 0;
    return Math.max(0, Math.min(this.share - this.inFlight, this.rateLeft(nowMs)));
  }

  get isIdle(): boolean {
    return this.inFlight === 0;
  }

  /**
   * Makes a try that `free` has allowed.
   *
   * @returns undefined where the breaker has opened since, and no try was made
   */
  async run(make: () => Promise<TryResult>, nowMs: number): Promise<TryResult | undefined> {
    this.inFlight += 1;
    if (this.options.ratePerSecond !== null) this.startedMs.push(nowMs);
    try {
      return await this.breaker.execute(make);
    } catch (error) {
      if (isBrokenCircuitError(error)) return undefined;
      throw error;
    } finally {
      this.inFlight -= 1;
    }
  }

  /** Called when the breaker opens, for the first time or again after a probe that failed. */
  private pause(attempt: number): IBackoff<unknown> {
    const duration = Math.min(FIRST_PAUSE_MS * 2 ** (attempt - 1), LONGEST_PAUSE_MS);
    this.share = 1;
    // cockatiel reads the same clock.
    this.pausedUntilMs = Date.now() + duration;
    return { duration, next: (context) => this.pause((context as { attempt: number }).attempt) };
  }

  private rateLeft(nowMs: number): number {
    if (this.options.ratePerSecond === null) return Number.POSITIVE_INFINITY;
    while ((this.startedMs[0] ?? nowMs) <= nowMs - SECOND_MS) this.startedMs.shift();
    return this.options.ratePerSecond - this.startedMs.length;
  }
}
