import type { DataSource, EntityManager } from 'typeorm';
import { partitionsOf } from '../../database/partitions/partitions-of.js';
import {
  defaultPartition,
  lowestId,
  PARTITION_KEYS,
  PARTITIONED_TABLES,
  partitionName,
  periodOfPartition,
  periodsFrom,
  type PartitionedTable,
  type Period,
} from '../../database/partitions/periods.js';
import {
  MAX_BATCHES,
  NOTHING_DONE,
  type RetentionRepository,
  type Upkeep,
  type UpkeepRound,
} from './retention.repository.js';

/** Any number will do, as long as all instances use the same. */
const UPKEEP_LOCK = 0xd1_c1ea;
/** This week's and the next two. */
const PERIODS_AHEAD = 3;
/** Whoever waits for a lock makes all wait who come after: rather the next round tries again. */
const LOCK_TIMEOUT = '500ms';
const BATCH = 1000;

/** From the last to the first: what belongs to a notification goes before it. */
const DROP_ORDER = PARTITIONED_TABLES.toReversed();

export class PostgresRetentionRepository implements RetentionRepository {
  constructor(private readonly dataSource: DataSource) {}

  async keepUp(round: UpkeepRound): Promise<Upkeep> {
    const runner = this.dataSource.createQueryRunner();
    try {
      // Its session's: each step below is a transaction of its own on the same connection.
      const [lock] = (await runner.query('select pg_try_advisory_lock($1) as taken', [UPKEEP_LOCK])) as {
        taken: boolean;
      }[];
      if (!lock?.taken) return NOTHING_DONE;
      try {
        const made = await this.makePartitions(runner.manager, round);
        const dropped = await this.dropPartitions(runner.manager, round);
        const deleted = await this.deleteOld(runner.manager, round);
        return { made, dropped, deleted };
      } finally {
        await runner.query('select pg_advisory_unlock($1)', [UPKEEP_LOCK]);
      }
    } finally {
      await runner.release();
    }
  }

  private async makePartitions(manager: EntityManager, { nowMs, signal }: UpkeepRound): Promise<string[]> {
    const made: string[] = [];
    for (const table of PARTITIONED_TABLES) {
      const known = new Set(await partitionNames(manager, table));
      for (const period of periodsFrom(nowMs, PERIODS_AHEAD)) {
        const name = partitionName(table, period);
        if (known.has(name)) continue;
        if (signal.aborted) return made;
        await manager.transaction((transaction) => makePartition(transaction, table, period));
        made.push(name);
      }
    }
    return made;
  }

  private async dropPartitions(manager: EntityManager, { keptFromMs, signal }: UpkeepRound): Promise<string[]> {
    if (keptFromMs === undefined) return [];
    const periods = (await partitionNames(manager, 'notifications')).map(periodOfPartition);
    const dropped: string[] = [];
    for (const period of periods) {
      if (!period || period.endMs > keptFromMs) continue;
      if (signal.aborted) break;
      if (!(await manager.transaction((transaction) => dropPeriod(transaction, period)))) continue;
      dropped.push(...DROP_ORDER.map((table) => partitionName(table, period)));
    }
    return dropped;
  }

  /** What is in no partition of its own. */
  private async deleteOld(manager: EntityManager, { keptFromMs, signal }: UpkeepRound): Promise<number> {
    if (keptFromMs === undefined) return 0;
    const keptFromId = lowestId(keptFromMs);
    const deletions = [
      [DELETE_BY_DEFAULT, keptFromMs],
      [deleteCalls('unmatched_notifications'), keptFromId],
      [deleteCalls('failed_notifications'), keptFromId],
    ] as const;
    let deleted = 0;
    for (const [statement, keptFrom] of deletions) {
      for (let batch = 0; batch < MAX_BATCHES && !signal.aborted; batch += 1) {
        const [row] = await manager.query<{ count: number }[]>(statement, [keptFrom, BATCH]);
        const rows = row?.count ?? 0;
        deleted += rows;
        if (rows < BATCH) break;
      }
    }
    return deleted;
  }
}

/** Parameters: kept from, limit. Of the notifications that went by default, with what belongs to them. */
const DELETE_BY_DEFAULT = `
  with old as (
    select n.id from ${defaultPartition('notifications')} n
    where n.received_at_ms < $1
      and not exists (select from deliveries d where d.notification_id = n.id and d.state = 'pending')
    limit $2
  ), tried as (
    delete from delivery_attempts a using deliveries d, old o
    where d.notification_id = o.id and a.delivery_id = d.id
  ), delivered as (
    delete from deliveries d using old o where d.notification_id = o.id
  ), gone as (
    delete from ${defaultPartition('notifications')} n using old o where n.id = o.id returning n.id
  )
  select count(*)::int as count from gone`;

/** Parameters: the id kept from, limit. */
function deleteCalls(table: string): string {
  return `
    with gone as (
      delete from ${table} where id in (select id from ${table} where id < $1 order by id limit $2) returning id
    )
    select count(*)::int as count from gone`;
}

async function partitionNames(manager: EntityManager, table: PartitionedTable): Promise<string[]> {
  const rows = await manager.query<{ name: string }[]>(partitionsOf(table));
  return rows.map(({ name }) => name);
}

/**
 * Made apart and then attached, which locks out nobody who reads or writes other partitions. What has gone by default meanwhile moves in first:
 * a partition cannot be attached while rows of its own are there.
 */
async function makePartition(manager: EntityManager, table: PartitionedTable, period: Period): Promise<void> {
  const name = partitionName(table, period);
  const key = PARTITION_KEYS[table];
  const [from, to] = [lowestId(period.startMs), lowestId(period.endMs)];
  await manager.query(`set local lock_timeout = '${LOCK_TIMEOUT}'`);
  await manager.query(`create table ${name} (like ${table} including all)`);
  await manager.query(
    `with moved as (delete from ${defaultPartition(table)} where ${key} >= '${from}' and ${key} < '${to}' returning *)
     insert into ${name} select * from moved`,
  );
  await manager.query(`alter table ${table} attach partition ${name} for values from ('${from}') to ('${to}')`);
}

/** @returns false where something in it is still to be delivered */
async function dropPeriod(manager: EntityManager, period: Period): Promise<boolean> {
  const deliveries = partitionName('deliveries', period);
  await manager.query(`set local lock_timeout = '${LOCK_TIMEOUT}'`);
  // First a look that locks nobody out, then one that nothing can come after: a replay makes old deliveries pending again.
  if (await hasPending(manager, deliveries)) return false;
  for (const table of PARTITIONED_TABLES) await manager.query(`lock table only ${table} in access exclusive mode`);
  if (await hasPending(manager, deliveries)) return false;
  for (const table of DROP_ORDER) await manager.query(`drop table if exists ${partitionName(table, period)}`);
  return true;
}

async function hasPending(manager: EntityManager, deliveries: string): Promise<boolean> {
  const pending = await manager.query<object[]>(
    `select from ${deliveries} where state = 'pending' order by destination_id, due_at_ms limit 1`,
  );
  return pending.length > 0;
}
