import { Entity, PrimaryColumn } from 'typeorm';
import { EpochMsColumn } from '../../database/columns.js';

/** From when until when a destination was disabled that has been enabled again; append-only. */
@Entity('destination_disabled_periods', { withoutRowid: true })
export class DestinationDisabledPeriod {
  @PrimaryColumn({ name: 'destination_id', type: 'uuid', primaryKeyConstraintName: 'pk_destination_disabled_periods' })
  destinationId!: string;

  @PrimaryColumn({ name: 'from_ms', type: 'bigint', primaryKeyConstraintName: 'pk_destination_disabled_periods' })
  fromMs!: number;

  @EpochMsColumn({ name: 'until_ms' })
  untilMs!: number;
}
