import { Clock } from '../../src/clock/clock.js';

/** A clock that stands still until it is moved. */
export class TestClock extends Clock {
  private elapsedMs = 0;

  constructor(private timeMs: number = Date.now()) {
    super();
  }

  override nowMs(): number {
    return this.timeMs;
  }

  override monotonicMs(): number {
    return this.elapsedMs;
  }

  /** Time passes. */
  advance(ms: number): void {
    this.timeMs += ms;
    this.elapsedMs += ms;
  }

  /** Somebody sets the clock; no time passes. */
  set(byMs: number): void {
    this.timeMs += byMs;
  }
}
