import { Injectable } from '@nestjs/common';
import type { ObjectLiteral } from 'typeorm';
import { isOfDroppedPartition, partitionsOf } from '../../database/partitions/partitions-of.js';
import { partitionsWithin, type Within } from '../../database/partitions/partitions-within.js';
import { conditionsOf, type Conditions } from './conditions.js';
import { Statements } from './statements.js';

export interface IndexedFilter extends ObjectLiteral {
  readonly tokenId?: string;
  readonly correlationId?: string;
}

/** What a search by token or correlation id puts into its statement; by neither, nothing. */
export interface FoundByIndex {
  /** Goes before the statement. */
  readonly prelude: string;
  /** Goes among its conditions. @param id the column with the notification's id */
  readonly among: (id: 'n.id' | 'd.notification_id') => string;
}

const NOT_ASKED: FoundByIndex = { prelude: '', among: () => '' };

const CONDITIONS: Conditions<IndexedFilter> = {
  tokenId: 'f.token_id = :tokenId',
  correlationId: 'f.correlation_id = :correlationId',
};

/**
 * By what else than its id and its merchant a notification is found.
 *
 * The index is one of blocks of 8,192 notifications, and all blocks are asked: a thousand for eight million notifications, which takes
 * some milliseconds (docs/adr/0006-one-sequence.md). On PostgreSQL each week has its own, and a week is asked for its blocks alone.
 */
@Injectable()
export class NotificationIndex {
  constructor(private readonly statements: Statements) {}

  /** @param within when the notification was received */
  async search<Row>(
    filter: IndexedFilter,
    within: Within,
    read: (found: FoundByIndex) => Promise<Row[]>,
  ): Promise<Row[]> {
    if (filter.tokenId === undefined && filter.correlationId === undefined) return read(NOT_ASKED);
    if (this.statements.onSqlite) return read(foundOnSqlite(filter));
    const search = async (): Promise<Row[]> => read(foundOnPostgres(filter, await this.weeks(within)));
    try {
      return await search();
    } catch (error) {
      if (!isOfDroppedPartition(error)) throw error;
      return search();
    }
  }

  private async weeks(within: Within): Promise<string[]> {
    const partitions = await this.statements.read<{ name: string }>(partitionsOf('notifications'), {});
    return partitionsWithin(
      partitions.map(({ name }) => name),
      within,
    );
  }
}

function foundOnSqlite(filter: IndexedFilter): FoundByIndex {
  const ids = `
    select f.id from ${blocksOf('notifications')} cross join notifications f
    where f.sequence >> 13 = block.number ${conditionsOf(CONDITIONS, filter)}`;
  return { prelude: `with found as (${ids})`, among: (id) => `and ${id} in (select id from found)` };
}

/**
 * PostgreSQL takes the blocks for few and the ids for many, and would read whole weeks: with `offset 0` it asks block by block, and of
 * an array it expects little.
 */
function foundOnPostgres(filter: IndexedFilter, weeks: readonly string[]): FoundByIndex {
  const idsIn = (week: string): string => `
    select f.id from ${blocksOf(week)} cross join lateral (
      select f.id from ${week} f where f.sequence >> 13 = block.number ${conditionsOf(CONDITIONS, filter)} offset 0) f`;
  return {
    prelude: `with found as materialized (${weeks.map(idsIn).join(' union all ')})`,
    among: (id) => `and ${id} = any(array(select id from found))`,
  };
}

/** Newest first, from one that has any to the next: numbers may be left out by the million, as where a merchant has moved here. */
function blocksOf(table: string): string {
  const last = (condition: string): string =>
    `(select sequence >> 13 from ${table} ${condition} order by sequence >> 13 desc limit 1)`;
  return `(
    with recursive numbers(number) as (
      select ${last('')}
      union all
      select ${last('where sequence >> 13 < numbers.number')} from numbers where number is not null
    )
    select number from numbers where number is not null) block`;
}
