import { Module, type DynamicModule, type Type } from '@nestjs/common';
import { ConfigModule } from './config/config.module.js';
import type { GatewayConfig } from './config/gateway-config.js';
import { coreModules } from './core-modules.js';
import { ObservabilityModule } from './observability/observability.module.js';
import { TeamsModule } from './teams/teams.module.js';

@Module({
  imports: [...coreModules, ObservabilityModule],
})
export class AppModule {
  /** @param teams the teams' modules that it runs */
  static forRoot(config: GatewayConfig, teams: readonly Type[]): DynamicModule {
    return {
      module: AppModule,
      imports: [ConfigModule.forRoot(config), TeamsModule.forRoot(teams, config.teamVariables)],
    };
  }
}
