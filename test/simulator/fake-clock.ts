import type { Clock } from '@gateway/d1-simulator';

/** A clock that stands still but for waits, which are over at once and are written down. */
export class FakeClock implements Clock {
  readonly waitsMs: number[] = [];

  constructor(public nowMs = Date.parse('2026-11-23T12:00:00Z')) {}

  now(): number {
    return this.nowMs;
  }

  async wait(ms: number): Promise<void> {
    this.waitsMs.push(ms);
    this.nowMs += ms;
  }
}
