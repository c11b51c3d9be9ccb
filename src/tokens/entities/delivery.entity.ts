import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import { BigIntColumn, EpochMsColumn, TextIdColumn } from '../../database/columns.js';

export const DELIVERY_STATES = ['pending', 'delivered', 'dead', 'cancelled'] as const;
export type DeliveryState = (typeof DELIVERY_STATES)[number];

/** One notification for one destination. It is made in the transaction of the notification. */
@Entity('deliveries')
@Index('ix_deliveries_notification', ['notificationId'])
@Index('ix_deliveries_due', ['destinationId', 'dueAtMs', 'sequence'], { where: "state = 'pending'" })
@Index('ix_deliveries_token', ['destinationId', 'tokenId', 'sequence'], { where: "state = 'pending'" })
@Index('ix_deliveries_dead', ['id'], { where: "state = 'dead'" })
@Index('ix_deliveries_dead_destination', ['destinationId', 'id'], { where: "state = 'dead'" })
@Index('ix_deliveries_delivered', ['settledAtMs'], { where: "state = 'delivered'" })
@Index('ix_deliveries_cancelled', ['id'], { where: "state = 'cancelled'" })
// A unique index on SQLite; on PostgreSQL, where an index cannot hold it over partitions, the table `delivery_leases`.
@Index('uq_deliveries_leased_token', { synchronize: false })
export class Delivery {
  /** UUIDv7. */
  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'pk_deliveries' })
  id!: string;

  @Column({ name: 'notification_id', type: 'uuid' })
  notificationId!: string;

  @Column({ name: 'destination_id', type: 'uuid' })
  destinationId!: string;

  @TextIdColumn({ name: 'token_id', length: 48 })
  tokenId!: string;

  /** That of the notification. */
  @BigIntColumn({})
  sequence!: number;

  @Column({ type: 'varchar', length: 16 })
  state!: DeliveryState;

  /** Tries that have ended. */
  @BigIntColumn({ default: 0 })
  attempts!: number;

  /** Not tried before. */
  @EpochMsColumn({ name: 'due_at_ms' })
  dueAtMs!: number;

  /** The dispatcher that is trying it; of each token and destination one at a time. */
  @Column({ name: 'lease_owner', type: 'varchar', length: 36, nullable: true })
  leaseOwner!: string | null;

  /** After that the dispatcher is taken to be dead. */
  @EpochMsColumn({ name: 'lease_until_ms', nullable: true })
  leaseUntilMs!: number | null;

  @EpochMsColumn({ name: 'created_at_ms' })
  createdAtMs!: number;

  /** When it became delivered, dead or cancelled. */
  @EpochMsColumn({ name: 'settled_at_ms', nullable: true })
  settledAtMs!: number | null;

  /** Why the last try failed. */
  @Column({ name: 'last_reason', type: 'text', nullable: true })
  lastReason!: string | null;
}
