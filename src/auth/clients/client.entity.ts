import { Column, Entity, OneToMany } from 'typeorm';
import { EpochMsColumn, PrimaryTextIdColumn } from '../../database/columns.js';
import { ClientMerchantGateway } from './client-merchant-gateway.entity.js';
import { ClientSecret } from './client-secret.entity.js';

export const MAX_CLIENT_ID_LENGTH = 128;

/** Who may ask for access tokens: D1, or an operator. */
@Entity('clients')
export class Client {
  @PrimaryTextIdColumn({
    name: 'client_id',
    length: MAX_CLIENT_ID_LENGTH,
    primaryKeyConstraintName: 'pk_clients',
  })
  clientId!: string;

  /** Space-delimited, as in RFC 6749, section 3.3. */
  @Column({ type: 'text' })
  scopes!: string;

  @EpochMsColumn({ name: 'created_at_ms' })
  createdAtMs!: number;

  /** From when on it gets no access token, and those it has are refused. */
  @EpochMsColumn({ name: 'disabled_at_ms', nullable: true })
  disabledAtMs!: number | null;

  @OneToMany(() => ClientSecret, (secret) => secret.client)
  secrets!: ClientSecret[];

  @OneToMany(() => ClientMerchantGateway, (membership) => membership.client)
  merchantGateways!: ClientMerchantGateway[];
}
