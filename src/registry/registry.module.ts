import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AuthModule } from '../auth/auth.module.js';
import { MerchantGateway } from './entities/merchant-gateway.entity.js';
import { Merchant } from './entities/merchant.entity.js';
import { Token } from './entities/token.entity.js';
import { Provisioner } from './provisioning/provisioner.js';
import { StartupProvisioning } from './provisioning/startup-provisioning.js';
import { RegistrationEvents } from './registration-events.js';
import { RegistryRepository } from './registry.repository.js';

/** Merchant gateways, merchants and tokens, and how they are declared. */
@Module({
  imports: [AuthModule, TypeOrmModule.forFeature([MerchantGateway, Merchant, Token])],
  providers: [Provisioner, RegistrationEvents, RegistryRepository, StartupProvisioning],
  exports: [Provisioner, RegistrationEvents, StartupProvisioning],
})
export class RegistryModule {}
