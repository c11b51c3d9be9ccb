import { Injectable } from '@nestjs/common';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { DataSource } from 'typeorm';

/** What is pending for one destination. */
export interface Backlog {
  readonly merchantGatewayId: string;
  readonly merchantId: string;
  readonly pending: number;
  readonly oldestCreatedAtMs: number;
}

/** PostgreSQL's driver gives bigint as text. */
interface BacklogRow extends Omit<Backlog, 'pending' | 'oldestCreatedAtMs'> {
  readonly pending: number | string;
  readonly oldestCreatedAtMs: number | string;
}

/** What a look costs must not grow with what has piled up. */
const MAX_DESTINATIONS = 500;
/** Of one destination; those that were due first are looked at. */
const MAX_DELIVERIES = 5000;

/** Each step is one descent of the index of pending deliveries, however many a destination has. */
const WITH_PENDING = `
  with recursive pending(id) as (
    select * from (
      select destination_id from deliveries where state = 'pending' order by destination_id limit 1) first
    union all
    select (select d.destination_id from deliveries d where d.state = 'pending' and d.destination_id > p.id
            order by d.destination_id limit 1)
    from pending p where p.id is not null
  )
  select id from pending where id is not null limit ${MAX_DESTINATIONS}`;

const BACKLOG_OF = `
  select t.merchant_gateway_id as "merchantGatewayId", t.merchant_id as "merchantId", b.pending as "pending",
         b.oldest as "oldestCreatedAtMs"
  from destinations t, (
    select count(*) as pending, min(created_at_ms) as oldest from (
      select created_at_ms from deliveries where destination_id = :id and state = 'pending'
      order by due_at_ms limit ${MAX_DELIVERIES}) looked_at) b
  where t.id = :id and b.pending > 0`;

/** How much is pending. In both engines' SQL, destination by destination, so that SQLite gives way to requests between. */
@Injectable()
export class BacklogRepository {
  constructor(private readonly dataSource: DataSource) {}

  async find(): Promise<readonly Backlog[]> {
    const found: Backlog[] = [];
    for (const { id } of await this.dataSource.query<{ id: string }[]>(WITH_PENDING)) {
      const [sql, parameters] = this.dataSource.driver.escapeQueryWithParameters(BACKLOG_OF, { id });
      const rows = await this.dataSource.query<BacklogRow[]>(sql, parameters);
      for (const row of rows) {
        found.push({ ...row, pending: Number(row.pending), oldestCreatedAtMs: Number(row.oldestCreatedAtMs) });
      }
      await nextTurn();
    }
    return found;
  }
}
