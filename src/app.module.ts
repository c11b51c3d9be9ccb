import { Module, type DynamicModule } from '@nestjs/common';
import { AuthModule } from './auth/auth.module.js';
import { ClockModule } from './clock/clock.module.js';
import { ConfigModule } from './config/config.module.js';
import type { GatewayConfig } from './config/gateway-config.js';
import { DatabaseModule } from './database/database.module.js';
import { DeliveryModule } from './delivery/delivery.module.js';
import { HttpModule } from './http/http.module.js';
import { ObservabilityModule } from './observability/observability.module.js';
import { OperationsModule } from './operations/operations.module.js';
import { RegistryModule } from './registry/registry.module.js';
import { SecretsModule } from './secrets/secrets.module.js';
import { TokensModule } from './tokens/tokens.module.js';

@Module({
  imports: [
    ClockModule,
    DatabaseModule,
    HttpModule,
    SecretsModule,
    AuthModule,
    RegistryModule,
    TokensModule,
    DeliveryModule,
    OperationsModule,
    ObservabilityModule,
  ],
})
export class AppModule {
  static forRoot(config: GatewayConfig): DynamicModule {
    return { module: AppModule, imports: [ConfigModule.forRoot(config)] };
  }
}
