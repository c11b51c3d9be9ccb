import { Controller, Get } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import {
  HealthCheck,
  HealthCheckService,
  HealthIndicatorService,
  TypeOrmHealthIndicator,
  type HealthCheckResult,
} from '@nestjs/terminus';
import { DataSource } from 'typeorm';
import { Draining } from './draining.js';

const DATABASE_TIMEOUT_MS = 2000;

@Controller('health')
@ApiTags('health')
export class HealthController {
  constructor(
    private readonly health: HealthCheckService,
    private readonly database: TypeOrmHealthIndicator,
    private readonly indicators: HealthIndicatorService,
    private readonly dataSource: DataSource,
    private readonly draining: Draining,
  ) {}

  @Get('live')
  @HealthCheck()
  @ApiOperation({
    operationId: 'getLiveness',
    summary: 'Is the process alive?',
    description: 'If not: restart it.',
    security: [],
  })
  live(): Promise<HealthCheckResult> {
    return this.health.check([]);
  }

  @Get('ready')
  @HealthCheck()
  @ApiOperation({
    operationId: 'getReadiness',
    summary: 'May it be sent requests?',
    description: 'Not while the database is away, nor once it has begun to stop.',
    security: [],
  })
  ready(): Promise<HealthCheckResult> {
    return this.health.check([
      () => this.notDraining(),
      () => this.database.pingCheck('database', { connection: this.dataSource, timeout: DATABASE_TIMEOUT_MS }),
    ]);
  }

  private notDraining(): ReturnType<ReturnType<HealthIndicatorService['check']>['up' | 'down']> {
    const indicator = this.indicators.check('server');
    return this.draining.isOn ? indicator.down('draining') : indicator.up();
  }
}
