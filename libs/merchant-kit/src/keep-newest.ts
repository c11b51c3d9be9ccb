import type { Type } from '@nestjs/common';
import { LessThan, type EntityManager, type FindOptionsWhere, type ObjectLiteral } from 'typeorm';

/** A row that knows which of the token's updates it is about. */
export interface Sequenced extends ObjectLiteral {
  /** The primary key. */
  readonly tokenId: string;
  /** Of the event that the row is made of. */
  readonly sequence: number;
}

/**
 * Writes a row of a table with one row for each token, unless there is one as new or newer: a repeat changes nothing, and
 * what comes late does not overwrite. Called within `MerchantTransactions.run`.
 *
 * @param entity - an entity with the properties `tokenId` (primary key) and `sequence`
 *
 * @example
 * ```ts
 * await this.transactions.run((manager) => keepNewest(manager, AcmeUpdate, row));
 * ```
 */
export async function keepNewest<Row extends Sequenced>(
  manager: EntityManager,
  entity: Type<Row>,
  row: Row,
): Promise<void> {
  const { tokenId, sequence } = row;
  // Not `orUpdate` with `overwriteCondition`: TypeORM leaves the condition out on SQLite, and says nothing.
  await manager.createQueryBuilder().insert().into(entity).values(row).orIgnore().updateEntity(false).execute();
  const older = { tokenId, sequence: LessThan(sequence) } as unknown as FindOptionsWhere<Row>;
  await manager.update(entity, older, row);
}
