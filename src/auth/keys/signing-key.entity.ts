import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import { EpochMsColumn } from '../../database/columns.js';

/** A key that access tokens are signed with, or were. */
@Entity('signing_keys')
@Index('uq_signing_keys_next', ['state'], { unique: true, where: "state = 'next'" })
@Index('uq_signing_keys_active', ['state'], { unique: true, where: "state = 'active'" })
export class SigningKey {
  /** JWK thumbprint (RFC 7638). */
  @PrimaryColumn({ type: 'varchar', length: 64, primaryKeyConstraintName: 'pk_signing_keys' })
  kid!: string;

  @Column({ type: 'varchar', length: 16 })
  algorithm!: string;

  /** The public JWK, as JSON. */
  @Column({ name: 'public_jwk', type: 'text' })
  publicJwk!: string;

  /**
   * The private JWK, encrypted under the master key (compact JWE). Empty for the key of a `SIGNING_KEY_FILE`, of which
   * only the public half is kept.
   */
  @Column({ name: 'encrypted_private_jwk', type: 'text' })
  encryptedPrivateJwk!: string;

  /**
   * `active` signs, unless a `SIGNING_KEY_FILE` does; `retired` only verifies what it signed, and what is signed by the
   * file it came from. `next` is published, and signs when its time has come: until then all have it.
   */
  @Column({ type: 'varchar', length: 16 })
  state!: 'next' | 'active' | 'retired';

  @EpochMsColumn({ name: 'created_at_ms' })
  createdAtMs!: number;

  /** Of a `next` one. */
  @EpochMsColumn({ name: 'signs_from_ms', nullable: true })
  signsFromMs!: number | null;

  /** When another took its place. Null for that of a file. */
  @EpochMsColumn({ name: 'retired_at_ms', nullable: true })
  retiredAtMs!: number | null;
}
