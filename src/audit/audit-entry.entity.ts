import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import { EpochMsColumn } from '../database/columns.js';

/** Who changed what; append-only, which the database holds by a trigger. */
@Entity('audit_entries')
@Index('ix_audit_entries_gateway', ['merchantGatewayId', 'id'])
export class AuditEntry {
  /** UUIDv7. */
  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'pk_audit_entries' })
  id!: string;

  @EpochMsColumn({ name: 'at_ms' })
  atMs!: number;

  @Column({ name: 'client_id', type: 'varchar', length: 128 })
  clientId!: string;

  @Column({ name: 'remote_address', type: 'varchar', length: 64 })
  remoteAddress!: string;

  @Column({ name: 'correlation_id', type: 'varchar', length: 64 })
  correlationId!: string;

  @Column({ type: 'varchar', length: 64 })
  action!: string;

  /** Whose operators may see it; null for what concerns the whole deployment. */
  @Column({ name: 'merchant_gateway_id', type: 'varchar', length: 10, nullable: true })
  merchantGatewayId!: string | null;

  /** What was changed: its path in the API. */
  @Column({ type: 'varchar', length: 512 })
  target!: string;

  /** As JSON, without secrets. Null where it was not there. */
  @Column({ type: 'text', nullable: true })
  before!: string | null;

  /** As JSON, without secrets. Null where it is not there any more. */
  @Column({ type: 'text', nullable: true })
  after!: string | null;
}
