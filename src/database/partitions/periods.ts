/** Tables that grow with every notification. On PostgreSQL each is partitioned by the time in its (version 7) ids. */
export const PARTITIONED_TABLES = ['notifications', 'deliveries', 'delivery_attempts'] as const;

export type PartitionedTable = (typeof PARTITIONED_TABLES)[number];

/** The id by which a table is partitioned: an attempt stands with its delivery. */
export const PARTITION_KEYS: Readonly<Record<PartitionedTable, string>> = {
  notifications: 'id',
  deliveries: 'id',
  delivery_attempts: 'delivery_id',
};

/** A week: few enough partitions for a year to be planned over, and small enough to be dropped one by one. */
const PERIOD_MS = 7 * 86_400_000;

/** A partition's time: `startMs` to `endMs`, which is not included. */
export interface Period {
  readonly startMs: number;
  readonly endMs: number;
}

export function periodAt(ms: number): Period {
  const startMs = Math.floor(ms / PERIOD_MS) * PERIOD_MS;
  return { startMs, endMs: startMs + PERIOD_MS };
}

/** The period of a time and those after it. */
export function periodsFrom(ms: number, count: number): Period[] {
  const { startMs } = periodAt(ms);
  return Array.from({ length: count }, (_, index) => periodAt(startMs + index * PERIOD_MS));
}

/** The lowest UUID of version 7 (RFC 9562, section 5.7) of a time: what comes before it is older. */
export function lowestId(ms: number): string {
  const hex = Math.max(0, ms).toString(16).padStart(12, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8)}-0000-0000-000000000000`;
}

/** `deliveries_p20261119`, by the day on which its period begins. */
export function partitionName(table: PartitionedTable, { startMs }: Period): string {
  return `${table}_p${new Date(startMs).toISOString().slice(0, 10).replaceAll('-', '')}`;
}

/** Where what is in no period goes, so that nothing is refused for its time. */
export function defaultPartition(table: PartitionedTable): string {
  return `${table}_default`;
}

/** @returns undefined where it is not the name of such a partition */
export function periodOfPartition(name: string): Period | undefined {
  const [, year, month, day] = /_p(\d{4})(\d\d)(\d\d)$/.exec(name) ?? [];
  return year === undefined ? undefined : periodAt(Date.UTC(Number(year), Number(month) - 1, Number(day)));
}

/** Before every UUID, and after. */
export const FIRST_ID = '00000000-0000-0000-0000-000000000000';
export const LAST_ID = 'ffffffff-ffff-ffff-ffff-ffffffffffff';
