import { Column, Entity } from 'typeorm';
import { PrimaryTextIdColumn } from '../../database/columns.js';
import type { GatewayAuthentication } from '../../auth/gateway-authentications.js';

/** The entity D1 calls, `MGW_…`; one deployment may serve several. */
@Entity('merchant_gateways')
export class MerchantGateway {
  @PrimaryTextIdColumn({ length: 10, primaryKeyConstraintName: 'pk_merchant_gateways' })
  id!: string;

  @Column({ type: 'varchar', length: 200 })
  name!: string;

  /** How D1 proves itself for it; null: as `D1_AUTHENTICATION` says. */
  @Column({ type: 'varchar', length: 16, nullable: true })
  authentication!: GatewayAuthentication | null;
}
