import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Clock } from '../clock/clock.js';

/**
 * The time on PostgreSQL's own clock, in milliseconds since the epoch: that at which the statement came in, and so one for all
 * of its rows. For what instances tell one another by times, since their own clocks differ.
 */
export const SERVER_NOW_MS = '(extract(epoch from statement_timestamp()) * 1000)::bigint';

/** The one clock of all instances: PostgreSQL's, or that of the only instance which SQLite is for. */
@Injectable()
export class DatabaseClock {
  constructor(
    private readonly dataSource: DataSource,
    private readonly clock: Clock,
  ) {}

  async nowMs(): Promise<number> {
    if (!this.isServers) return this.clock.nowMs();
    const [row] = await this.dataSource.query<{ now: string }[]>(`select ${SERVER_NOW_MS} as now`);
    return Number(row?.now);
  }

  /** The time of the statement that it is a value of. */
  get ofStatement(): number | (() => string) {
    return this.isServers ? () => SERVER_NOW_MS : this.clock.nowMs();
  }

  private get isServers(): boolean {
    return this.dataSource.options.type === 'postgres';
  }
}
