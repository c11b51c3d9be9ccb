import { Global, Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { DataSource, type DataSourceOptions } from 'typeorm';
import { GatewayConfig } from '../config/gateway-config.js';
import { dataSourceOptions } from './data-source-options.js';
import { isTransient } from './failure-class.js';
import { openDataSource } from './open-data-source.js';
import { SqliteWriter } from './sqlite-writer.js';
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
  providers: [
    Transactions,
    {
      provide: SqliteWriter,
      // It takes the data source so as to be made after the migrations.
      inject: [GatewayConfig, DataSource],
      useFactory: ({ database }: GatewayConfig): SqliteWriter | null =>
        database.engine === 'sqlite' ? new SqliteWriter(database.file) : null,
    },
  ],
  exports: [SqliteWriter, Transactions],
})
export class DatabaseModule {}
