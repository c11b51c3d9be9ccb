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
}
