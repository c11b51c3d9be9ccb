import type { TryResult } from '../destinations/destination-sender.js';
import type { BreakerState, Circuit } from './circuit.js';
import { Rate } from './rate.js';

/** What one destination may be given now: at its rate, and as its receiver's circuit allows. */
export class Lane {
  private readonly rate: Rate;

  constructor(
    readonly circuit: Circuit,
    ratePerSecond: number | null,
  ) {
    this.rate = new Rate(ratePerSecond);
  }

  get ratePerSecond(): number | null {
    return this.rate.perSecond;
  }

  get breakerState(): BreakerState {
    return this.circuit.breakerState;
  }

  /** How many tries may begin now. */
  free(nowMs: number): number {
    return Math.min(this.circuit.free, this.rate.left(nowMs));
  }

  /**
   * Makes a try that `free` has allowed.
   *
   * @returns undefined where the breaker has opened since, and no try was made
   */
  run(make: () => Promise<TryResult>, nowMs: number): Promise<TryResult | undefined> {
    this.rate.begin(nowMs);
    return this.circuit.run(make);
  }
}
