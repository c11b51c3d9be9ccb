import { Global, Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { SqliteWriter } from '../database/sqlite-writer.js';
import { Destination } from '../registry/entities/destination.entity.js';
import { Merchant } from '../registry/entities/merchant.entity.js';
import { RegistryModule } from '../registry/registry.module.js';
import { NotificationRelay } from '../tokens/relay/notification-relay.js';
import { TokensModule } from '../tokens/tokens.module.js';
import { DestinationDirectory } from './destinations/destination-directory.js';
import { DestinationSenders } from './destinations/destination-senders.js';
import { HandlerCheck } from './destinations/handler/handler-check.js';
import { HandlerRegistry } from './destinations/handler/handler-registry.js';
import { HandlerSender } from './destinations/handler/handler-sender.js';
import { HandlerWatch } from './destinations/handler/handler-watch.js';
import { StrayErrors } from './destinations/handler/stray-errors.js';
import { TeamKindSender } from './destinations/team-kind/team-kind-sender.js';
import { webhookProviders } from './destinations/webhook/webhook.providers.js';
import { Deliverer } from './dispatcher/deliverer.js';
import { Dispatcher } from './dispatcher/dispatcher.js';
import { Circuits } from './dispatcher/circuits.js';
import { Lanes } from './dispatcher/lanes.js';
import { Leases } from './dispatcher/leases.js';
import { WakeUps } from './dispatcher/wake-ups.js';
import { EventPreparation } from './extensions/event-preparation.js';
import { MerchantExtensions } from './extensions/merchant-extensions.js';
import { DeliveryAttempt } from './entities/delivery-attempt.entity.js';
import { MerchantRelay } from './relay/merchant-relay.js';
import { RelayClaims } from './relay/relay-claims.js';
import { RelayScope } from './relay/relay-scope.js';
import { RelayTries } from './relay/relay-tries.js';
import { RelayedMerchants } from './relay/relayed-merchants.js';
import { DeliveriesRepository } from './repository/deliveries.repository.js';
import { PostgresDeliveriesRepository } from './repository/postgres-deliveries.repository.js';
import { PostgresSharedPauses } from './repository/postgres-shared-pauses.js';
import { NoSharedPauses, SharedPauses } from './repository/shared-pauses.js';
import { SqliteDeliveriesRepository } from './repository/sqlite-deliveries.repository.js';
import { PostgresRetentionRepository } from './retention/postgres-retention.repository.js';
import { Retention } from './retention/retention.js';
import { RetentionRepository } from './retention/retention.repository.js';
import { SqliteRetentionRepository } from './retention/sqlite-retention.repository.js';

/**
 * Gets every notification to its merchant's destinations. Global for the one thing the intake asks of it, the relay: an
 * import would point up.
 */
@Global()
@Module({
  imports: [RegistryModule, TokensModule, TypeOrmModule.forFeature([DeliveryAttempt, Destination, Merchant])],
  providers: [
    {
      provide: DeliveriesRepository,
      inject: [DataSource, SqliteWriter],
      useFactory: (dataSource: DataSource, writer: SqliteWriter | null): DeliveriesRepository =>
        writer ? new SqliteDeliveriesRepository(writer) : new PostgresDeliveriesRepository(dataSource),
    },
    {
      provide: RetentionRepository,
      inject: [DataSource, SqliteWriter],
      useFactory: (dataSource: DataSource, writer: SqliteWriter | null): RetentionRepository =>
        writer ? new SqliteRetentionRepository(writer) : new PostgresRetentionRepository(dataSource),
    },
    {
      provide: SharedPauses,
      inject: [DataSource, SqliteWriter],
      useFactory: (dataSource: DataSource, writer: SqliteWriter | null): SharedPauses =>
        writer ? new NoSharedPauses() : new PostgresSharedPauses(dataSource),
    },
    { provide: NotificationRelay, useClass: MerchantRelay },
    Deliverer,
    DestinationDirectory,
    DestinationSenders,
    Dispatcher,
    EventPreparation,
    HandlerCheck,
    HandlerRegistry,
    HandlerSender,
    HandlerWatch,
    StrayErrors,
    Circuits,
    Lanes,
    Leases,
    MerchantExtensions,
    RelayClaims,
    RelayScope,
    RelayTries,
    RelayedMerchants,
    Retention,
    WakeUps,
    TeamKindSender,
    ...webhookProviders,
  ],
  exports: [
    Deliverer,
    DestinationDirectory,
    Dispatcher,
    HandlerRegistry,
    HandlerWatch,
    Lanes,
    MerchantExtensions,
    NotificationRelay,
    StrayErrors,
  ],
})
export class DeliveryModule {}
