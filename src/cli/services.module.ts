import { Module, type DynamicModule } from '@nestjs/common';
import { ConfigModule } from '../config/config.module.js';
import type { GatewayConfig } from '../config/gateway-config.js';
import { coreModules } from '../core-modules.js';
import { merchants } from '../merchants.js';
import { TeamsModule } from '../teams/teams.module.js';

/** The gateway's services without its edge. With a configuration that has no roles, nothing starts by itself. */
@Module({
  imports: coreModules,
})
export class ServicesModule {
  static forRoot(config: GatewayConfig): DynamicModule {
    return {
      module: ServicesModule,
      imports: [ConfigModule.forRoot(config), TeamsModule.forRoot(merchants, config.teamVariables, { asFound: true })],
    };
  }
}
