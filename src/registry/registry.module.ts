import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AuthModule } from '../auth/auth.module.js';
import { DestinationDisabledPeriod } from './entities/destination-disabled-period.entity.js';
import { Destination } from './entities/destination.entity.js';
import { MerchantGateway } from './entities/merchant-gateway.entity.js';
import { Merchant } from './entities/merchant.entity.js';
import { Token } from './entities/token.entity.js';
import { DestinationSecrets } from './destination-secrets.js';
import { DestinationProvisioner } from './provisioning/destination-provisioner.js';
import { Provisioner } from './provisioning/provisioner.js';
import { StartupProvisioning } from './provisioning/startup-provisioning.js';
import { RegistrationEvents } from './registration-events.js';
import { RegistryRepository } from './registry.repository.js';

/** Merchant gateways, merchants and tokens, and how they are declared. */
@Module({
  imports: [
    AuthModule,
    TypeOrmModule.forFeature([Destination, DestinationDisabledPeriod, MerchantGateway, Merchant, Token]),
  ],
  providers: [
    DestinationProvisioner,
    DestinationSecrets,
    Provisioner,
    RegistrationEvents,
    RegistryRepository,
    StartupProvisioning,
  ],
  exports: [DestinationSecrets, Provisioner, RegistrationEvents, StartupProvisioning],
})
export class RegistryModule {}
