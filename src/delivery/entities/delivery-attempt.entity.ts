import { Column, Entity, PrimaryColumn } from 'typeorm';
import { BigIntColumn, EpochMsColumn } from '../../database/columns.js';

/** One try of a delivery; append-only. */
@Entity('delivery_attempts', { withoutRowid: true })
export class DeliveryAttempt {
  @PrimaryColumn({ name: 'delivery_id', type: 'uuid', primaryKeyConstraintName: 'pk_delivery_attempts' })
  deliveryId!: string;

  /** UUIDv7: two dispatchers may have made the same attempt number, when a lease has run out. */
  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'pk_delivery_attempts' })
  id!: string;

  @BigIntColumn({})
  attempt!: number;

  @EpochMsColumn({ name: 'started_at_ms' })
  startedAtMs!: number;

  @BigIntColumn({ name: 'duration_ms' })
  durationMs!: number;

  @Column({ type: 'varchar', length: 16 })
  outcome!: 'delivered' | 'retry' | 'refused';

  /** Of a webhook that answered. */
  @BigIntColumn({ name: 'status_code', nullable: true })
  statusCode!: number | null;

  @Column({ type: 'text', nullable: true })
  reason!: string | null;
}
