import { Entity, Index, PrimaryColumn, Unique } from 'typeorm';
import { BigIntColumn } from '../../database/columns.js';
import { NotifyUpdateCallColumns } from './notify-update-call.columns.js';

/** One accepted notify-update call; append-only. It holds ids, not references: it outlives the token it is about. */
@Entity('notifications', { withoutRowid: true })
@Index('ix_notifications_correlation', ['correlationId'])
@Index('ix_notifications_merchant', ['merchantGatewayId', 'merchantId', 'id'])
// With the token first, so that it is found without its merchant. On PostgreSQL with the id in it, as partitions ask for:
// there the lock of the token's row alone keeps sequences apart.
@Unique('uq_notifications_token_sequence', ['tokenId', 'merchantGatewayId', 'merchantId', 'sequence'])
export class Notification extends NotifyUpdateCallColumns {
  /** UUIDv7: grows with time, so that the index is appended to. */
  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'pk_notifications' })
  id!: string;

  /** 1, 2, 3 … for each token, in the order of acceptance. */
  @BigIntColumn({})
  sequence!: number;
}
