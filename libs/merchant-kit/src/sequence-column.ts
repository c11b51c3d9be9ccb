import { Column } from 'typeorm';

/**
 * A column for the event's `sequence`: a whole number of up to 53 bits on both engines, and a number in the entity.
 *
 * @example
 * ```ts
 * \@SequenceColumn()
 * sequence!: number;
 * ```
 */
export function SequenceColumn(): PropertyDecorator {
  // PostgreSQL's driver gives bigint as text.
  return Column({ type: 'bigint', transformer: { from: Number, to: (value: unknown) => value } });
}
