import { Column, Entity, PrimaryColumn } from 'typeorm';
import { EpochMsColumn } from '../../database/columns.js';
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

  /** When an operator had it recorded after all, under the same id. */
  @EpochMsColumn({ name: 'replayed_at_ms', nullable: true })
  replayedAtMs!: number | null;
}
