import { Controller, Get } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { HealthCheck, HealthCheckService, HealthIndicatorService, type HealthCheckResult } from '@nestjs/terminus';
import { HandlerRegistry, type RegisteredHandler } from '../delivery/destinations/handler/handler-registry.js';
import { withinTime } from './within-time.js';

const TIMEOUT_MS = 2000;

/**
 * What teams' handlers say of themselves. Apart from readiness: a merchant's trouble is no reason to send D1 elsewhere.
 */
@Controller('health')
@ApiTags('health')
export class HandlersHealthController {
  constructor(
    private readonly health: HealthCheckService,
    private readonly indicators: HealthIndicatorService,
    private readonly handlers: HandlerRegistry,
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
    return this.health.check(this.handlers.all().map((one) => () => this.ask(one)));
  }

  private async ask({ name, handler }: RegisteredHandler): Promise<ReturnType<typeof this.answer>> {
    try {
      return this.answer(name, await withinTime(TIMEOUT_MS, async () => handler.healthy?.() ?? true));
    } catch (error) {
      return this.answer(name, error instanceof Error ? error.message : 'it failed to say');
    }
  }

  private answer(
    name: string,
    health: true | string,
  ): ReturnType<ReturnType<HealthIndicatorService['check']>['up' | 'down']> {
    const indicator = this.indicators.check(name);
    return health === true ? indicator.up() : indicator.down(health);
  }
}
