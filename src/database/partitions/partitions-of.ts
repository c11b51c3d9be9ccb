import type { PartitionedTable } from './periods.js';

/** SQLSTATE */
const UNDEFINED_TABLE = '42P01';

/** Names the partitions of a table, oldest first; the default one is among them. */
export function partitionsOf(table: PartitionedTable): string {
  return `select inhrelid::regclass::text as name from pg_inherits where inhparent = '${table}'::regclass order by 1`;
}

/** Whether a statement failed since a partition that it names has been dropped. */
export function isOfDroppedPartition(error: unknown): boolean {
  return (error as { code?: unknown }).code === UNDEFINED_TABLE;
}
