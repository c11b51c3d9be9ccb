import { Clock } from '../../src/clock/clock.js';

/** A clock that stands still until it is moved. */
export class TestClock extends Clock {
  constructor(private timeMs: number = Date.now()) {
    super();
  }

  override nowMs(): number {
    return this.timeMs;
  }

  advance(ms: number): void {
    this.timeMs += ms;
  }
}
