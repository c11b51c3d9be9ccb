import { Module, type DynamicModule } from '@nestjs/common';
import { GatewayConfig } from './gateway-config.js';

/** Gives `GatewayConfig` to the whole application. */
@Module({})
export class ConfigModule {
  static forRoot(config: GatewayConfig): DynamicModule {
    return {
      module: ConfigModule,
      global: true,
      providers: [{ provide: GatewayConfig, useValue: config }],
      exports: [GatewayConfig],
    };
  }
}
