import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A fact about this gateway as a whole that all instances must agree on. */
@Entity('gateway_properties')
export class GatewayProperty {
  @PrimaryColumn({ type: 'varchar', length: 64, primaryKeyConstraintName: 'pk_gateway_properties' })
  name!: string;

  @Column({ type: 'text' })
  value!: string;
}
