import { Column, PrimaryColumn, type ColumnOptions, type PrimaryColumnOptions, type ValueTransformer } from 'typeorm';

/** PostgreSQL's driver gives bigint as text; everything kept in one here is below 2^53. */
const integer: ValueTransformer = {
  from: (value: string | number | null): number | null => (value === null ? null : Number(value)),
  to: (value: unknown) => value,
};

/** A whole number of up to 53 bits. */
export function BigIntColumn(options: ColumnOptions): PropertyDecorator {
  return Column({ ...options, type: 'bigint', transformer: integer });
}

/**
 * A point in time as whole milliseconds since the epoch, UTC: exact and the same on both engines, of which SQLite
 * knows no time zones. The name ends in `_ms`.
 */
export function EpochMsColumn(options: ColumnOptions): PropertyDecorator {
  return BigIntColumn(options);
}

/** Compares bytes, as SQLite does. Where columns are joined that differ in it, PostgreSQL can use the index of one of them only. */
const BY_BYTES = { type: 'varchar', collation: 'C' } as const;

/** An id that is text: of D1's, of a merchant, of a client. */
export function TextIdColumn(options: ColumnOptions): PropertyDecorator {
  return Column({ ...options, ...BY_BYTES });
}

/** One that is the primary key, or of it. */
export function PrimaryTextIdColumn(options: PrimaryColumnOptions): PropertyDecorator {
  return PrimaryColumn({ ...options, ...BY_BYTES });
}
