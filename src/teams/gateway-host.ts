import { MerchantHost, type MerchantMetrics } from '@gateway/merchant-kit';
import { BadRequestException, Injectable, type Type } from '@nestjs/common';
import type { IncomingMessage } from 'node:http';
import { GatewayConfig } from '../config/gateway-config.js';
import { Transactions } from '../database/transactions.js';
import { checkedJson } from '../operations/http/checked.js';
import { problemOf } from '../operations/http/problem.js';
import { InvalidRequest } from '../operations/operation-errors.js';
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

  /** @throws BadRequestException with a problem: Nest's, since a team's own filters may take it, and know no other */
  async readJson<T extends object>(request: IncomingMessage, dto: Type<T>, maxBytes: number): Promise<T> {
    try {
      return await checkedJson(dto, request, maxBytes);
    } catch (error) {
      throw error instanceof InvalidRequest ? new BadRequestException(problemOf(error)) : error;
    }
  }
}
