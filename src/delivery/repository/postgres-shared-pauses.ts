import type { DataSource } from 'typeorm';
import type { ReceiverPause, SharedPauses } from './shared-pauses.js';

/** By the server's clock, which is one for all. */
const BEGIN = `
  insert into receiver_pauses (receiver, paused_until) values ($1, now() + $2 * interval '1 millisecond')
  on conflict (receiver) do update set paused_until = greatest(receiver_pauses.paused_until, excluded.paused_until)`;

const OPEN = `
  select receiver, (extract(epoch from paused_until - now()) * 1000)::float8 as "durationMs"
  from receiver_pauses where paused_until > now()`;

/** A statement of its own, which waits for no row: it cannot meet another instance's in a circle. */
const TIDY = `
  delete from receiver_pauses where receiver in (
    select receiver from receiver_pauses where paused_until <= now() for update skip locked)`;

export class PostgresSharedPauses implements SharedPauses {
  constructor(private readonly dataSource: DataSource) {}

  async begin({ receiver, durationMs }: ReceiverPause): Promise<void> {
    await this.dataSource.query(BEGIN, [receiver, durationMs]);
    await this.dataSource.query(TIDY);
  }

  open(): Promise<readonly ReceiverPause[]> {
    return this.dataSource.query<ReceiverPause[]>(OPEN);
  }
}
