import { Column, Entity, JoinColumn, ManyToOne, PrimaryColumn, Unique } from 'typeorm';
import { BigIntColumn, EpochMsColumn, TextIdColumn } from '../../database/columns.js';
import { Merchant } from './merchant.entity.js';

/** The gateway's own kinds. */
export const DESTINATION_KINDS: readonly string[] = ['webhook', 'handler'];
/** One of them, or one that a team has brought. */
export type DestinationKind = string;

/** Where a merchant wants its updates. */
@Entity('destinations')
@Unique('uq_destinations_name', ['merchantGatewayId', 'merchantId', 'name'])
export class Destination {
  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'pk_destinations' })
  id!: string;

  @TextIdColumn({ name: 'merchant_gateway_id', length: 10 })
  merchantGatewayId!: string;

  @TextIdColumn({ name: 'merchant_id', length: 11 })
  merchantId!: string;

  /** Unique within the merchant. */
  @Column({ type: 'varchar', length: 64 })
  name!: string;

  @Column({ type: 'varchar', length: 16 })
  kind!: DestinationKind;

  /** Of a webhook; of a team's kind whatever it is to it. */
  @Column({ type: 'text', nullable: true })
  url!: string | null;

  /** Of a webhook: a JSON list of what it is signed with, newest first, encrypted under the master key (compact JWE). */
  @Column({ name: 'encrypted_secrets', type: 'text', nullable: true })
  encryptedSecrets!: string | null;

  /** Of a handler: the name it is provided under. */
  @Column({ type: 'varchar', length: 64, nullable: true })
  handler!: string | null;

  /** Most tries per second; null for no limit. */
  @BigIntColumn({ name: 'rate_per_second', nullable: true })
  ratePerSecond!: number | null;

  /** Whether of several pending updates of a token only the newest is sent. */
  @Column({ type: 'boolean', default: false })
  coalesce!: boolean;

  @EpochMsColumn({ name: 'created_at_ms' })
  createdAtMs!: number;

  /** From when on it gets nothing: the receiver said that it is gone, or an operator did. */
  @EpochMsColumn({ name: 'disabled_at_ms', nullable: true })
  disabledAtMs!: number | null;

  /** Deleted: it gets no deliveries any more, and stays for those it had. Declared again, it is there again. */
  @EpochMsColumn({ name: 'deleted_at_ms', nullable: true })
  deletedAtMs!: number | null;
  /** From when on its deliveries wait, by an operator's word; they pile up and are lost to nothing. */
  @EpochMsColumn({ name: 'paused_at_ms', nullable: true })
  pausedAtMs!: number | null;

  @ManyToOne(() => Merchant)
  @JoinColumn([
    {
      name: 'merchant_gateway_id',
      referencedColumnName: 'merchantGatewayId',
      foreignKeyConstraintName: 'fk_destinations_merchant',
    },
    { name: 'merchant_id', referencedColumnName: 'id', foreignKeyConstraintName: 'fk_destinations_merchant' },
  ])
  merchant!: Merchant;
}
