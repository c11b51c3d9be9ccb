import { Inject, Injectable } from '@nestjs/common';
import { DataSource, type EntityManager, type ObjectLiteral } from 'typeorm';
import { retryConflicts } from '../../database/retry-conflicts.js';
import { SqliteWriter } from '../../database/sqlite-writer.js';

/** Runs SQL that both engines understand; `:name` and, for a list, `:...name` become what the engine wants. */
@Injectable()
export class Statements {
  constructor(
    private readonly dataSource: DataSource,
    @Inject(SqliteWriter) private readonly writer: SqliteWriter | null,
  ) {}

  /** Whether SQLite is what they run on; else it is PostgreSQL. */
  get onSqlite(): boolean {
    return this.writer !== null;
  }

  read<Row>(sql: string, parameters: ObjectLiteral): Promise<Row[]> {
    const [statement, values] = this.bind(sql, parameters);
    return this.dataSource.query<Row[]>(statement, values);
  }

  /** An `update … returning …`: one statement, and so one short transaction. */
  async update<Row>(sql: string, parameters: ObjectLiteral): Promise<Row[]> {
    const [statement, values] = this.bind(sql, parameters);
    const { writer } = this;
    if (writer) {
      return writer.write(() => writer.connection.prepare<unknown[], Row>(statement).all(...values));
    }
    // TypeORM answers an update on PostgreSQL with its rows and their number.
    const [rows] = await retryConflicts(() => this.dataSource.query<[Row[], number]>(statement, values));
    return rows;
  }

  /** The same in a transaction of TypeORM's, with what else is written there. */
  async updateWithin<Row>(manager: EntityManager, sql: string, parameters: ObjectLiteral): Promise<Row[]> {
    const [statement, values] = this.bind(sql, parameters);
    if (this.writer) return manager.query<Row[]>(statement, values);
    const [rows] = await manager.query<[Row[], number]>(statement, values);
    return rows;
  }

  private bind(sql: string, parameters: ObjectLiteral): [string, unknown[]] {
    return this.dataSource.driver.escapeQueryWithParameters(sql, parameters);
  }
}
