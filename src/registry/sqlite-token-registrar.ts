import type { Statement } from 'better-sqlite3';
import type { Clock } from '../clock/clock.js';
import type { SqliteWriter } from '../database/sqlite-writer.js';
import type { TokenRegistrar } from './token-registrar.js';
import { SQLITE_PUT_TOKENS } from './token-statements.js';

export class SqliteTokenRegistrar implements TokenRegistrar {
  /** A few milliseconds, in which nothing else is done. */
  readonly batchSize = 500;
  private readonly put: Statement<[string, string, string, number]>;

  constructor(
    private readonly writer: SqliteWriter,
    private readonly clock: Clock,
  ) {
    this.put = writer.connection.prepare(SQLITE_PUT_TOKENS);
  }

  register(merchantGatewayId: string, merchantId: string, ids: readonly string[]): Promise<number> {
    const nowMs = this.clock.nowMs();
    return this.writer.write(() => this.put.run(merchantGatewayId, merchantId, JSON.stringify(ids), nowMs).changes);
  }
}
