import { Column, Entity, JoinColumn, ManyToOne } from 'typeorm';
import { PrimaryTextIdColumn } from '../../database/columns.js';
import { MerchantGateway } from './merchant-gateway.entity.js';

export const DELIVERY_MODES = ['deferred', 'relay'] as const;
export type DeliveryMode = (typeof DELIVERY_MODES)[number];

/** A token requestor under a merchant gateway. */
@Entity('merchants')
export class Merchant {
  @PrimaryTextIdColumn({ name: 'merchant_gateway_id', length: 10, primaryKeyConstraintName: 'pk_merchants' })
  merchantGatewayId!: string;

  @PrimaryTextIdColumn({ length: 11, primaryKeyConstraintName: 'pk_merchants' })
  id!: string;

  @Column({ type: 'varchar', length: 200 })
  name!: string;

  /** `deferred`: D1 is answered once the notification is on disk. `relay`: it waits for the merchant's answer. */
  @Column({ name: 'delivery_mode', type: 'varchar', length: 16, default: 'deferred' })
  deliveryMode!: DeliveryMode;

  @ManyToOne(() => MerchantGateway)
  @JoinColumn({ name: 'merchant_gateway_id', foreignKeyConstraintName: 'fk_merchants_merchant_gateway' })
  merchantGateway!: MerchantGateway;
}
