import { SequenceColumn } from '@gateway/merchant-kit';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A token as D1 had it after its latest update. */
@Entity('team_example_vault_cards')
export class Card {
  @PrimaryColumn({
    name: 'token_id',
    type: 'varchar',
    length: 48,
    primaryKeyConstraintName: 'pk_team_example_vault_cards',
  })
  tokenId!: string;

  /** Of the update: what is older has been seen. */
  @SequenceColumn()
  sequence!: number;

  /** D1's word for it, such as ACTIVE; DELETED where D1 knows the token no more. */
  @Column({ type: 'varchar', length: 32 })
  state!: string;

  /** Of the card behind the token, as YYYY-MM, if D1 said it. */
  @Column({ type: 'varchar', length: 7, nullable: true })
  expiry!: string | null;
}
