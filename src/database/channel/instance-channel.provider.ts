import type { Provider } from '@nestjs/common';
import { GatewayConfig } from '../../config/gateway-config.js';
import { APPLICATION_NAME } from '../data-source-options.js';
import { tlsOptions } from '../tls-options.js';
import { InstanceChannel, SilentChannel } from './instance-channel.js';
import { PostgresChannel } from './postgres-channel.js';

/** The channel of the engine in use. */
export const instanceChannelProvider: Provider = {
  provide: InstanceChannel,
  inject: [GatewayConfig],
  useFactory: ({ database }: GatewayConfig): InstanceChannel =>
    database.engine === 'sqlite'
      ? new SilentChannel()
      : new PostgresChannel({
          connectionString: database.url,
          ssl: tlsOptions(database.tls),
          connectionTimeoutMillis: database.connectTimeoutMs,
          application_name: `${APPLICATION_NAME} notices`,
          keepAlive: true,
        }),
};
