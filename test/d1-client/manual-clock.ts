import type { D1ClientClock } from '@gateway/d1-client';

/** Stands still until it is moved; a wait moves it, and is over at once. */
export class ManualClock implements D1ClientClock {
  readonly waitsMs: number[] = [];
  private timeMs = Date.parse('2026-11-23T12:00:00.500Z');

  nowMs(): number {
    return this.timeMs;
  }

  advance(ms: number): void {
    this.timeMs += ms;
  }

  wait(ms: number, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    this.waitsMs.push(ms);
    this.advance(ms);
    return Promise.resolve();
  }
}
