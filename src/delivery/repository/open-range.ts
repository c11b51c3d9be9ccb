import type { DataSource } from 'typeorm';
import { isOfDroppedPartition, partitionsOf } from '../../database/partitions/partitions-of.js';
import { FIRST_ID, LAST_ID, lowestId, periodAt, periodOfPartition } from '../../database/partitions/periods.js';

/** Where nothing else has it looked for: within this, what has become pending in another week is found. */
const REFRESH_AFTER_MS = 5000;

/**
 * Between which ids what is pending is to be found on PostgreSQL: this week's, and those of older weeks where something is
 * left. A claim that says so is planned for one or two partitions and not for a year of them. What an operator replays is found with the next sweep.
 */
export class OpenRange {
  private fromId = FIRST_ID;
  private toId = LAST_ID;
  private refreshedMs = Number.NEGATIVE_INFINITY;
  private refreshing: Promise<void> | undefined;

  constructor(private readonly dataSource: DataSource) {}

  /** @returns the lowest id, and the one before which all are */
  at(nowMs: number): readonly [string, string] {
    const { startMs, endMs } = periodAt(nowMs);
    return [lesser(this.fromId, lowestId(startMs)), greater(this.toId, lowestId(endMs))];
  }

  /** For an instance that only relays: its dispatcher, which would look every second, does not run. */
  async refreshIfOld(): Promise<void> {
    if (performance.now() - this.refreshedMs < REFRESH_AFTER_MS) return;
    // Many relay at the same time, and one look does for all of them.
    this.refreshing ??= this.refresh().finally(() => (this.refreshing = undefined));
    await this.refreshing;
  }

  async refresh(): Promise<void> {
    try {
      const names = (await this.dataSource.query<{ name: string }[]>(partitionsOf('deliveries'))).map(
        ({ name }) => name,
      );
      const open = await this.dataSource.query<{ name: string }[]>(names.map(whetherOpen).join(' union all '));
      this.setTo(open.map(({ name }) => name));
      this.refreshedMs = performance.now();
    } catch (error) {
      if (!isOfDroppedPartition(error)) throw error;
    }
  }

  private setTo(open: readonly string[]): void {
    const periods = open.map(periodOfPartition);
    // By default any id may go there.
    const anywhere = periods.includes(undefined);
    const starts = periods.map((period) => (period ? lowestId(period.startMs) : FIRST_ID));
    const ends = periods.map((period) => (period ? lowestId(period.endMs) : LAST_ID));
    this.fromId = anywhere ? FIRST_ID : starts.reduce(lesser, LAST_ID);
    this.toId = anywhere ? LAST_ID : ends.reduce(greater, FIRST_ID);
  }
}

/** The order keeps it to the index of what is pending, whatever the statistics say. */
function whetherOpen(partition: string): string {
  return `(select '${partition}' as name from ${partition} where state = 'pending' order by destination_id, due_at_ms limit 1)`;
}

function lesser(one: string, other: string): string {
  return one < other ? one : other;
}

function greater(one: string, other: string): string {
  return one > other ? one : other;
}
