import { Injectable } from '@nestjs/common';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { Clock } from '../../clock/clock.js';
import { RecentRepository, type AcceptedCount, type DeliveredCount } from './recent.repository.js';

export const WINDOW_MS = 3_600_000;
/** Short, so that on SQLite no read holds up the intake for long. */
const SLICE_MS = 10_000;
/** After its end, what belongs to a slice may still be on its way to the disk. */
const COMMIT_MS = 20_000;
const SHORTEST_REST_MS = 2000;
/** A slice is read for a 50th of the time at most. */
const REST_PER_READ = 50;

/** What was accepted in ten seconds, and what was delivered. */
export interface Slice {
  readonly startMs: number;
  readonly accepted: readonly AcceptedCount[];
  readonly delivered: readonly DeliveredCount[];
}

interface ReadSlice extends Slice {
  readonly readAtMs: number;
  readonly tookMs: number;
  /** Nothing in it changes any more, replays aside. */
  readonly isFinal: boolean;
}

/**
 * The last hour in slices. What is over is read once, whoever looks and however often: looking must not cost what
 * delivering needs.
 */
@Injectable()
export class RecentSlices {
  private readonly slices = new Map<number, ReadSlice>();
  private reading: Promise<readonly Slice[]> | undefined;

  constructor(
    private readonly repository: RecentRepository,
    private readonly clock: Clock,
  ) {}

  /** Oldest first. */
  read(): Promise<readonly Slice[]> {
    this.reading ??= this.refresh(this.clock.nowMs()).finally(() => (this.reading = undefined));
    return this.reading;
  }

  private async refresh(nowMs: number): Promise<readonly Slice[]> {
    const first = Math.floor((nowMs - WINDOW_MS) / SLICE_MS) * SLICE_MS;
    for (const startMs of this.slices.keys()) if (startMs < first) this.slices.delete(startMs);
    const read: Slice[] = [];
    for (let startMs = first; startMs <= nowMs; startMs += SLICE_MS) {
      let slice = this.slices.get(startMs);
      if (!slice || isStale(slice, nowMs)) {
        slice = await this.readSlice(startMs, nowMs);
        this.slices.set(startMs, slice);
        await nextTurn();
      }
      read.push(slice);
    }
    return read;
  }

  private async readSlice(startMs: number, nowMs: number): Promise<ReadSlice> {
    const beganMs = performance.now();
    const endMs = startMs + SLICE_MS;
    const accepted = await this.repository.accepted(startMs, endMs);
    const delivered = await this.repository.delivered(startMs, endMs);
    return {
      startMs,
      accepted,
      delivered,
      readAtMs: nowMs,
      tookMs: performance.now() - beganMs,
      isFinal: nowMs > endMs + COMMIT_MS,
    };
  }
}

function isStale({ isFinal, readAtMs, tookMs }: ReadSlice, nowMs: number): boolean {
  const restMs = Math.max(SHORTEST_REST_MS, tookMs * REST_PER_READ);
  return !isFinal && nowMs - readAtMs >= restMs;
}
