import { Controller, Get, Header, UseFilters, UseGuards } from '@nestjs/common';
import { bearerChallenge, correlationIdEcho, Scope } from '@gateway/d1-contract';
import { ApiOAuth2, ApiOkResponse, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { Registry } from 'prom-client';
import { ProblemFilter } from '../../operations/problem.filter.js';
import { MetricsGuard } from './metrics.guard.js';
import { MetricsRegistry } from './metrics-registry.js';

@Controller('metrics')
@ApiTags('health')
@UseGuards(MetricsGuard)
@UseFilters(ProblemFilter)
export class MetricsController {
  constructor(private readonly registry: MetricsRegistry) {}

  @Get()
  @Header('Content-Type', Registry.PROMETHEUS_CONTENT_TYPE)
  @ApiOAuth2([Scope.Read], 'clientCredentials')
  @ApiOperation({
    operationId: 'getMetrics',
    summary: 'Metrics for Prometheus',
    description:
      'Here only where `METRICS_PORT` is not set. In production it wants an access token with `gateway:read` or `gateway:operate` of a client of all merchant gateways or of none; elsewhere none.',
  })
  @ApiOkResponse({
    description: 'Prometheus text format.',
    headers: correlationIdEcho,
    content: { 'text/plain': { schema: { type: 'string' } } },
  })
  @ApiResponse({
    status: 401,
    description: 'In production: no access token, one that is not valid, or one without the scope.',
    headers: { ...correlationIdEcho, ...bearerChallenge },
  })
  @ApiResponse({ status: 404, description: 'They have a port of their own.', headers: correlationIdEcho })
  metrics(): Promise<string> {
    return this.registry.metrics();
  }
}
