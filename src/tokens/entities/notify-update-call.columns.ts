import { Column } from 'typeorm';
import { EpochMsColumn, TextIdColumn } from '../../database/columns.js';

/** What is kept of every notify-update call, whatever became of it. */
export abstract class NotifyUpdateCallColumns {
  @TextIdColumn({ name: 'merchant_gateway_id', length: 10 })
  merchantGatewayId!: string;

  @TextIdColumn({ name: 'merchant_id', length: 11 })
  merchantId!: string;

  @TextIdColumn({ name: 'token_id', length: 48 })
  tokenId!: string;

  /** For troubleshooting; not unique. */
  @TextIdColumn({ name: 'correlation_id', length: 64 })
  correlationId!: string;

  /** Who called; null where callers are proved by other means than OAuth. */
  @TextIdColumn({ name: 'client_id', length: 128, nullable: true })
  clientId!: string | null;

  /** The JSON body as it came, if any. */
  @Column({ type: 'text', nullable: true })
  payload!: string | null;

  @EpochMsColumn({ name: 'received_at_ms' })
  receivedAtMs!: number;
}
