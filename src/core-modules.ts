import { AuthModule } from './auth/auth.module.js';
import { ClockModule } from './clock/clock.module.js';
import { DatabaseModule } from './database/database.module.js';
import { DeliveryModule } from './delivery/delivery.module.js';
import { HttpModule } from './http/http.module.js';
import { OperationsModule } from './operations/operations.module.js';
import { RegistryModule } from './registry/registry.module.js';
import { SecretsModule } from './secrets/secrets.module.js';
import { TokensModule } from './tokens/tokens.module.js';

/** What the gateway and its command line have in common: the services, whoever calls them. */
export const coreModules = [
  ClockModule,
  DatabaseModule,
  HttpModule,
  SecretsModule,
  AuthModule,
  RegistryModule,
  TokensModule,
  DeliveryModule,
  OperationsModule,
];
