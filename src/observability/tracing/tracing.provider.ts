import type { FactoryProvider } from '@nestjs/common';
import { GatewayConfig } from '../../config/gateway-config.js';
import { Deliverer } from '../../delivery/dispatcher/deliverer.js';
import { IntakeEvents } from '../../tokens/intake/intake-events.js';
import { Tracing } from './tracing.js';

export const tracingProvider: FactoryProvider<Tracing | undefined> = {
  provide: Tracing,
  inject: [GatewayConfig, IntakeEvents, Deliverer],
  useFactory: async ({ tracing }: GatewayConfig, intake: IntakeEvents, deliverer: Deliverer) => {
    if (!tracing) return undefined;
    // Here and not above: start-up time and memory are for those who want traces.
    const { OtlpTracing } = await import('./otlp-tracing.js');
    return new OtlpTracing(tracing, intake, deliverer);
  },
};
