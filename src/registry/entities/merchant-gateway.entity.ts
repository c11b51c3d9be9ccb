import { Column, Entity, PrimaryColumn } from 'typeorm';

/** The entity D1 calls, `MGW_…`; one deployment may serve several. */
@Entity('merchant_gateways')
export class MerchantGateway {
  @PrimaryColumn({ type: 'varchar', length: 10, primaryKeyConstraintName: 'pk_merchant_gateways' })
  id!: string;

  @Column({ type: 'varchar', length: 200 })
  name!: string;
}
