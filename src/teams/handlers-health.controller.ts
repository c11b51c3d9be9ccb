import { Controller, Get } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { HealthCheck, HealthCheckService, HealthIndicatorService, type HealthCheckResult } from '@nestjs/terminus';
import { TeamHealth } from './team-health.js';

type Indication = ReturnType<ReturnType<HealthIndicatorService['check']>['up' | 'down']>;

/**
 * What teams' code says of itself: handlers, kinds of destination, token directories, as far as this instance runs them. Apart from readiness: a merchant's trouble is no reason to send D1 elsewhere.
 */
@Controller('health')
@ApiTags('health')
export class HandlersHealthController {
  constructor(
    private readonly health: HealthCheckService,
    private readonly indicators: HealthIndicatorService,
    private readonly teams: TeamHealth,
  ) {}

  @Get('handlers')
  @HealthCheck()
  @ApiOperation({
    operationId: 'getHandlersHealth',
    summary: 'Are the teams’ handlers well?',
    description: 'For people and alerts, not for load balancers: the gateway is ready all the same.',
    security: [],
  })
  check(): Promise<HealthCheckResult> {
    return this.health.check(this.teams.names.map((name) => () => this.ask(name)));
  }

  private async ask(name: string): Promise<Indication> {
    const health = await this.teams.ask(name);
    const indicator = this.indicators.check(name);
    return health === true ? indicator.up() : indicator.down(health);
  }
}
