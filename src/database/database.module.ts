import { Global, Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import type { DataSourceOptions } from 'typeorm';
import { GatewayConfig } from '../config/gateway-config.js';
import { dataSourceOptions } from './data-source-options.js';
import { isTransient } from './failure-class.js';
import { openDataSource } from './open-data-source.js';
import { Transactions } from './transactions.js';

@Global()
@Module({
  imports: [
    TypeOrmModule.forRootAsync({
      inject: [GatewayConfig],
      useFactory: ({ database }: GatewayConfig) => ({
        ...dataSourceOptions(database),
        autoLoadEntities: true,
        toRetry: isTransient,
      }),
      dataSourceFactory: (options) => openDataSource(options as DataSourceOptions),
    }),
  ],
  providers: [Transactions],
  exports: [Transactions],
})
export class DatabaseModule {}
