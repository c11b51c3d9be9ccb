import { Column, Entity, PrimaryColumn } from 'typeorm';
import { NotifyUpdateCallColumns } from './notify-update-call.columns.js';

/**
 * A call that was answered 500 `INTERNAL_ERROR`: D1 has given up on it, so it is kept with its cause. (After `MERCHANT_ERROR` the
 * notification is there, and the cause stands with its delivery.)
 */
@Entity('failed_notifications')
export class FailedNotification extends NotifyUpdateCallColumns {
  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'pk_failed_notifications' })
  id!: string;

  /** For operators; never leaves in an answer to D1. */
  @Column({ type: 'text' })
  cause!: string;
}
