import { Entity, Index, JoinColumn, ManyToOne } from 'typeorm';
import { EpochMsColumn, PrimaryTextIdColumn } from '../../database/columns.js';
import { Merchant } from './merchant.entity.js';

/**
 * A scheme token of a merchant. On SQLite it lives in its primary key's tree, so that a look-up is one descent; on PostgreSQL the key
 * begins with `id`, so that each step of one compares one column, and `ix_tokens_merchant` is for what asks for a merchant's.
 */
@Entity('tokens', { withoutRowid: true })
@Index('ix_tokens_merchant', { synchronize: false })
export class Token {
  @PrimaryTextIdColumn({ name: 'merchant_gateway_id', length: 10, primaryKeyConstraintName: 'pk_tokens' })
  merchantGatewayId!: string;

  @PrimaryTextIdColumn({ name: 'merchant_id', length: 11, primaryKeyConstraintName: 'pk_tokens' })
  merchantId!: string;

  @PrimaryTextIdColumn({ length: 48, primaryKeyConstraintName: 'pk_tokens' })
  id!: string;

  @EpochMsColumn({ name: 'registered_at_ms' })
  registeredAtMs!: number;

  @ManyToOne(() => Merchant)
  @JoinColumn([
    {
      name: 'merchant_gateway_id',
      referencedColumnName: 'merchantGatewayId',
      foreignKeyConstraintName: 'fk_tokens_merchant',
    },
    { name: 'merchant_id', referencedColumnName: 'id', foreignKeyConstraintName: 'fk_tokens_merchant' },
  ])
  merchant!: Merchant;
}
