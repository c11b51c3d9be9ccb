import { Entity, Index, PrimaryColumn } from 'typeorm';
import { BigIntColumn } from '../../database/columns.js';
import { NotifyUpdateCallColumns } from './notify-update-call.columns.js';

/** One accepted notify-update call; append-only. It holds ids, not references: it outlives the token it is about. */
@Entity('notifications', { withoutRowid: true })
@Index('ix_notifications_merchant', ['merchantGatewayId', 'merchantId', 'id'])
// By token and by correlation id, in blocks of sequence numbers, which TypeORM cannot say (docs/adr/0006-one-sequence.md).
@Index('ix_notifications_token', { synchronize: false })
@Index('ix_notifications_correlation', { synchronize: false })
export class Notification extends NotifyUpdateCallColumns {
  /** UUIDv7: grows with time, so that the index is appended to. */
  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'pk_notifications' })
  id!: string;

  /** Grows in the order of acceptance: of two notifications of a token the one with the higher is newer. */
  @BigIntColumn({})
  sequence!: number;
}
