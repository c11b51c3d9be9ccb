import { Global, Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { DataSource, type DataSourceOptions } from 'typeorm';
import { GatewayConfig } from '../config/gateway-config.js';
import { instanceChannelProvider } from './channel/instance-channel.provider.js';
import { InstanceChannel } from './channel/instance-channel.js';
import { DatabaseClock } from './database-clock.js';
import { dataSourceOptions } from './data-source-options.js';
import { isTransient } from './failure-class.js';
import { InstanceLock, InstanceLockModule } from './instance-lock.js';
import { MigrationsOfTeams } from './migrations-of-teams.js';
import { openDataSource, type OpenOptions } from './open-data-source.js';
import { SqliteWriter } from './sqlite-writer.js';
import { Transactions } from './transactions.js';
import { UnfitDatabase } from './unfit-database.js';

@Global()
@Module({
  imports: [
    TypeOrmModule.forRootAsync({
      imports: [InstanceLockModule],
      // The lock is asked for so as to be had before anything is touched.
      inject: [GatewayConfig, MigrationsOfTeams, InstanceLock],
      useFactory: ({ database, roles }: GatewayConfig, teams: MigrationsOfTeams) => ({
        ...dataSourceOptions(database, teams),
        ...(roles.size === 0 && { asFound: true, retryAttempts: 1 }),
        autoLoadEntities: true,
        toRetry: (error: unknown) => !(error instanceof UnfitDatabase) && isTransient(error),
        ...(database.engine === 'postgres' && { unsafeDurabilityAccepted: database.unsafeDurabilityAccepted }),
      }),
      dataSourceFactory: (options) => openDataSource(options as DataSourceOptions, options as OpenOptions),
    }),
  ],
  providers: [
    instanceChannelProvider,
    DatabaseClock,
    Transactions,
    {
      provide: SqliteWriter,
      // It takes the data source so as to be made after the migrations.
      inject: [GatewayConfig, DataSource],
      useFactory: ({ database }: GatewayConfig): SqliteWriter | null =>
        database.engine === 'sqlite' ? new SqliteWriter(database.file) : null,
    },
  ],
  exports: [DatabaseClock, InstanceChannel, SqliteWriter, Transactions],
})
export class DatabaseModule {}
