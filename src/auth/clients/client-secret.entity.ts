import { Column, Entity, Index, JoinColumn, ManyToOne, PrimaryColumn, type Relation } from 'typeorm';
import { EpochMsColumn, TextIdColumn } from '../../database/columns.js';
import type { SecretKind } from '../secret-hashing/secret-hasher.js';
import { Client } from './client.entity.js';

/** One secret of a client, as a hash. A client may have several, so that one can be replaced without a gap. */
@Entity('client_secrets')
@Index('ix_client_secrets_client', ['clientId'])
export class ClientSecret {
  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'pk_client_secrets' })
  id!: string;

  @TextIdColumn({ name: 'client_id', length: 128 })
  clientId!: string;

  @ManyToOne(() => Client, (client) => client.secrets, { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'client_id', foreignKeyConstraintName: 'fk_client_secrets_client' })
  client!: Relation<Client>;

  @Column({ type: 'varchar', length: 16 })
  kind!: SecretKind;

  @Column({ type: 'text' })
  hash!: string;

  @EpochMsColumn({ name: 'created_at_ms' })
  createdAtMs!: number;

  /** From when on it is refused. */
  @EpochMsColumn({ name: 'expires_at_ms', nullable: true })
  expiresAtMs!: number | null;

  /** When it was last right, to the minute: so that one knows when an old one can go. */
  @EpochMsColumn({ name: 'last_used_at_ms', nullable: true })
  lastUsedAtMs!: number | null;
}
