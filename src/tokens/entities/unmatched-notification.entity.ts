import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import { EpochMsColumn } from '../../database/columns.js';
import { NotifyUpdateCallColumns } from './notify-update-call.columns.js';

export type UnmatchedReason = 'UNKNOWN_MERCHANT' | 'UNKNOWN_TOKEN';

/** A call for a merchant or token that was not registered. It becomes a notification when that changes. */
@Entity('unmatched_notifications')
@Index('ix_unmatched_notifications_open', ['merchantGatewayId', 'merchantId', 'tokenId'], {
  where: 'notification_id is null',
})
@Index('ix_unmatched_notifications_open_id', ['id'], { where: 'notification_id is null' })
export class UnmatchedNotification extends NotifyUpdateCallColumns {
  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'pk_unmatched_notifications' })
  id!: string;

  /** What D1 was told. */
  @Column({ type: 'varchar', length: 32 })
  reason!: UnmatchedReason;

  /** The notification it became. */
  @Column({ name: 'notification_id', type: 'uuid', nullable: true })
  notificationId!: string | null;

  @EpochMsColumn({ name: 'matched_at_ms', nullable: true })
  matchedAtMs!: number | null;
}
