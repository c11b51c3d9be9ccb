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
  const key = manager.connection.getMetadata(entity).findColumnWithPropertyName('tokenId')?.databaseName ?? 'tokenId';
  // Nothing to overwrite: DO NOTHING, and for a row of this token only. `orIgnore` would let any rule of the table that the
  // row breaks pass for "there is one". Not `overwriteCondition`: TypeORM leaves it out on SQLite, and says nothing.
  const insert = manager.createQueryBuilder().insert().into(entity).values(row).orUpdate([], [key]);
  await insert.updateEntity(false).execute();
  const older = { tokenId, sequence: LessThan(sequence) } as unknown as FindOptionsWhere<Row>;
  await manager.update(entity, older, row);
}
