/** The time, as everything that decides by it sees it. Tests put their own in its place. */
export class Clock {
  /** Milliseconds since the epoch, UTC. */
  nowMs(): number {
    return Date.now();
  }

  /** Milliseconds since some moment, by a clock that nobody sets: for how long something has lasted. */
  monotonicMs(): number {
    return performance.now();
  }

  /** The same as a `Date`, for libraries that want one. */
  now(): Date {
    return new Date(this.nowMs());
  }

  /** By how many milliseconds what was issued within the last `withinMs` may seem to be off, since the clock was set meanwhile. */
  doubtMs(_withinMs: number): number {
    return 0;
  }
}
