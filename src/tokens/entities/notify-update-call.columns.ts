import { Column } from 'typeorm';
import { EpochMsColumn } from '../../database/columns.js';

/** What is kept of every notify-update call, whatever became of it. */
export abstract class NotifyUpdateCallColumns {
  @Column({ name: 'merchant_gateway_id', type: 'varchar', length: 10 })
  merchantGatewayId!: string;

  @Column({ name: 'merchant_id', type: 'varchar', length: 11 })
  merchantId!: string;

  @Column({ name: 'token_id', type: 'varchar', length: 48 })
  tokenId!: string;

  /** For troubleshooting; not unique. */
  @Column({ name: 'correlation_id', type: 'varchar', length: 64 })
  correlationId!: string;

  /** Who called; null where callers are proved by other means than OAuth. */
  @Column({ name: 'client_id', type: 'varchar', length: 128, nullable: true })
  clientId!: string | null;

  /** The JSON body as it came, if any. */
  @Column({ type: 'text', nullable: true })
  payload!: string | null;

  @EpochMsColumn({ name: 'received_at_ms' })
  receivedAtMs!: number;
}
