import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { Clock } from '../clock/clock.js';
import { SqliteWriter } from '../database/sqlite-writer.js';
import { AuditModule } from '../audit/audit.module.js';
import { AuthModule } from '../auth/auth.module.js';
import { DestinationDisabledPeriod } from './entities/destination-disabled-period.entity.js';
import { Destination } from './entities/destination.entity.js';
import { MerchantGateway } from './entities/merchant-gateway.entity.js';
import { Merchant } from './entities/merchant.entity.js';
import { Token } from './entities/token.entity.js';
import { DestinationSecrets } from './destination-secrets.js';
import { ClientPlan } from './provisioning/client-plan.js';
import { DestinationPlan } from './provisioning/destination-plan.js';
import { ProvisionPlan } from './provisioning/provision-plan.js';
import { DestinationProvisioner } from './provisioning/destination-provisioner.js';
import { ProvisioningAudit } from './provisioning/provisioning-audit.js';
import { ProvisionReader } from './provisioning/provision-reader.js';
import { RegistryProvisioner } from './provisioning/registry-provisioner.js';
import { Provisioner } from './provisioning/provisioner.js';
import { StartupProvisioning } from './provisioning/startup-provisioning.js';
import { RegistrationEvents } from './registration-events.js';
import { PostgresTokenRegistrar } from './postgres-token-registrar.js';
import { SqliteTokenRegistrar } from './sqlite-token-registrar.js';
import { TokenRegistrar } from './token-registrar.js';
import { RegistryTransactions } from './registry-transactions.js';
import { RegistryRepository } from './registry.repository.js';
import { SharedRegistrations } from './shared-registrations.js';

/** Merchant gateways, merchants and tokens, and how they are declared. */
@Module({
  imports: [
    AuditModule,
    AuthModule,
    TypeOrmModule.forFeature([Destination, DestinationDisabledPeriod, MerchantGateway, Merchant, Token]),
  ],
  providers: [
    ClientPlan,
    DestinationPlan,
    DestinationProvisioner,
    DestinationSecrets,
    ProvisionPlan,
    ProvisioningAudit,
    Provisioner,
    ProvisionReader,
    RegistryProvisioner,
    RegistrationEvents,
    RegistryRepository,
    SharedRegistrations,
    RegistryTransactions,
    StartupProvisioning,
    {
      provide: TokenRegistrar,
      inject: [DataSource, SqliteWriter, Clock],
      useFactory: (dataSource: DataSource, writer: SqliteWriter | null, clock: Clock): TokenRegistrar =>
        writer ? new SqliteTokenRegistrar(writer, clock) : new PostgresTokenRegistrar(dataSource, clock),
    },
  ],
  exports: [
    DestinationProvisioner,
    DestinationSecrets,
    Provisioner,
    RegistrationEvents,
    RegistryRepository,
    RegistryTransactions,
    StartupProvisioning,
    TokenRegistrar,
  ],
})
export class RegistryModule {}
