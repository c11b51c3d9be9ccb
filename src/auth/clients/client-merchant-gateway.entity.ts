import { Entity, JoinColumn, ManyToOne, type Relation } from 'typeorm';
import { PrimaryTextIdColumn } from '../../database/columns.js';
import { Client } from './client.entity.js';

/** In place of an id: every merchant gateway there is and will be. For operators; D1's clients name theirs. */
export const EVERY_MERCHANT_GATEWAY = '*';

/** A merchant gateway that a client acts for. */
@Entity('client_merchant_gateways')
export class ClientMerchantGateway {
  @PrimaryTextIdColumn({
    name: 'client_id',
    length: 128,
    primaryKeyConstraintName: 'pk_client_merchant_gateways',
  })
  clientId!: string;

  @PrimaryTextIdColumn({
    name: 'merchant_gateway_id',
    length: 10,
    primaryKeyConstraintName: 'pk_client_merchant_gateways',
  })
  merchantGatewayId!: string;

  @ManyToOne(() => Client, (client) => client.merchantGateways, { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'client_id', foreignKeyConstraintName: 'fk_client_merchant_gateways_client' })
  client!: Relation<Client>;
}
