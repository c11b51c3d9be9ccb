import { MerchantHost, type MerchantMetrics } from '@gateway/merchant-kit';
import { Injectable } from '@nestjs/common';
import { GatewayConfig } from '../config/gateway-config.js';
import { Transactions } from '../database/transactions.js';
import { TeamMeters } from './team-meters.js';

/** What teams' modules get of the gateway, and all of it. */
@Injectable()
export class GatewayHost extends MerchantHost {
  readonly variables: Readonly<Record<string, string>>;

  constructor(
    config: GatewayConfig,
    readonly transactions: Transactions,
    private readonly meters: TeamMeters,
  ) {
    super();
    this.variables = config.teamVariables;
  }

  metricsOf(team: string): MerchantMetrics {
    return this.meters.of(team);
  }
}
