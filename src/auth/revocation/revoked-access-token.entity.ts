import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import { EpochMsColumn, TextIdColumn } from '../../database/columns.js';

/** An access token that is not to be taken any more, until it would have run out by itself. */
@Entity('revoked_access_tokens')
@Index('ix_revoked_access_tokens_revoked', ['revokedAtMs'])
export class RevokedAccessToken {
  /** `jti` (RFC 7519, section 4.1.7). */
  @PrimaryColumn({ type: 'varchar', length: 64, primaryKeyConstraintName: 'pk_revoked_access_tokens' })
  jti!: string;

  /** Whose it was. */
  @TextIdColumn({ name: 'client_id', length: 128 })
  clientId!: string;

  /** The client that revoked it: its own, or an operator's. */
  @Column({ name: 'revoked_by', type: 'varchar', length: 128 })
  revokedBy!: string;

  /** By the database's clock, see `DatabaseClock`. */
  @EpochMsColumn({ name: 'revoked_at_ms' })
  revokedAtMs!: number;

  @EpochMsColumn({ name: 'expires_at_ms' })
  expiresAtMs!: number;
}
