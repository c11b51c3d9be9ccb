import { Module } from '@nestjs/common';
import { TerminusModule } from '@nestjs/terminus';
import { AuthModule } from '../auth/auth.module.js';
import { DeliveryModule } from '../delivery/delivery.module.js';
import { TokensModule } from '../tokens/tokens.module.js';
import { Draining } from './health/draining.js';
import { HealthController } from './health/health.controller.js';
import { MetricsController } from './metrics/metrics.controller.js';
import { metricsProviders } from './metrics/metrics.providers.js';
import { tracingProvider } from './tracing/tracing.provider.js';

@Module({
  imports: [TerminusModule.forRoot({ logger: false }), AuthModule, DeliveryModule, TokensModule],
  controllers: [HealthController, MetricsController],
  providers: [Draining, ...metricsProviders, tracingProvider],
  exports: [Draining],
})
export class ObservabilityModule {}
