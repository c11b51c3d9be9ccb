/** The time, as everything that decides by it sees it. Tests put their own in its place. */
export class Clock {
  /** Milliseconds since the epoch, UTC. */
  nowMs(): number {
    return Date.now();
  }

  /** The same as a `Date`, for libraries that want one. */
  now(): Date {
    return new Date(this.nowMs());
  }
}
