import type { Type } from '@nestjs/common';
import type { IncomingMessage } from 'node:http';
import type { MerchantMetrics } from './merchant-metrics.js';
import type { MerchantTransactions } from './merchant-transactions.js';

/**
 * What the gateway gives to teams' modules. Provided by the gateway and used by `MerchantModule`; a team has no need of it.
 */
export abstract class MerchantHost {
  /** The environment variables that begin with `TEAM_`. */
  abstract readonly variables: Readonly<Record<string, string>>;

  /** For `MerchantTransactions`. */
  abstract readonly transactions: MerchantTransactions;

  /** For `MerchantMetrics`, apart for each team. */
  abstract metricsOf(team: string): MerchantMetrics;

  /** For `JsonBody`: the body of a request, as one of `dto` by whose rules it is. */
  abstract readJson<T extends object>(request: IncomingMessage, dto: Type<T>, maxBytes: number): Promise<T>;
}
