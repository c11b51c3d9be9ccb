import type { DataSource } from 'typeorm';
import type { Clock } from '../clock/clock.js';
import { retryConflicts } from '../database/retry-conflicts.js';
import type { TokenRegistrar } from './token-registrar.js';
import { POSTGRES_PUT_TOKENS } from './token-statements.js';

export class PostgresTokenRegistrar implements TokenRegistrar {
  readonly batchSize = 2000;

  constructor(
    private readonly dataSource: DataSource,
    private readonly clock: Clock,
  ) {}

  async register(merchantGatewayId: string, merchantId: string, ids: readonly string[]): Promise<number> {
    const parameters = [merchantGatewayId, merchantId, ids, this.clock.nowMs()];
    const [row] = await retryConflicts(() =>
      this.dataSource.query<{ registered: number }[]>(POSTGRES_PUT_TOKENS, parameters),
    );
    return row?.registered ?? 0;
  }
}
