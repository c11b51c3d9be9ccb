import { Column, Entity, JoinColumn, ManyToOne, PrimaryColumn } from 'typeorm';
import { MerchantGateway } from './merchant-gateway.entity.js';

export const DELIVERY_MODES = ['deferred', 'relay'] as const;
export type DeliveryMode = (typeof DELIVERY_MODES)[number];

/** A token requestor under a merchant gateway. */
@Entity('merchants')
export class Merchant {
  @PrimaryColumn({ name: 'merchant_gateway_id', type: 'varchar', length: 10, primaryKeyConstraintName: 'pk_merchants' })
  merchantGatewayId!: string;

  @PrimaryColumn({ type: 'varchar', length: 11, primaryKeyConstraintName: 'pk_merchants' })
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
