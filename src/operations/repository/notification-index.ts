import type { ObjectLiteral } from 'typeorm';
import type { Conditions } from './conditions.js';

export interface IndexedFilter extends ObjectLiteral {
  readonly tokenId?: string;
  readonly correlationId?: string;
}

/**
 * What a notification `n` is found by, besides its id and its merchant.
 *
 * On PostgreSQL an index over the column finds it, week by week. On SQLite the index is one of blocks of 8,192 notifications; all
 * blocks are asked, which is a thousand for eight million notifications and takes some milliseconds (docs/adr/0006-one-sequence.md).
 *
 * @param id - the column with the notification's id, by which SQLite goes on
 */
export function indexedConditions(id: 'n.id' | 'd.notification_id', onSqlite: boolean): Conditions<IndexedFilter> {
  return {
    tokenId: onSqlite ? inBlocks(id, 'f.token_id = :tokenId') : 'n.token_id = :tokenId',
    correlationId: onSqlite ? inBlocks(id, 'f.correlation_id = :correlationId') : 'n.correlation_id = :correlationId',
  };
}

function inBlocks(id: string, condition: string): string {
  return `${id} in (
    with recursive block(number) as (
      select max(sequence >> 13) from notifications
      union all
      select number - 1 from block where number > (select min(sequence >> 13) from notifications)
    )
    select f.id from block cross join notifications f where f.sequence >> 13 = block.number and ${condition})`;
}
