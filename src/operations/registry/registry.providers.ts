import type { Provider, Type } from '@nestjs/common';
import { ClientSecretsService } from './client-secrets.service.js';
import { ClientsController } from './clients.controller.js';
import { ClientsRepository } from './clients.repository.js';
import { ClientsService } from './clients.service.js';
import { DestinationWriter } from './destination-writer.js';
import { DestinationsController } from './destinations.controller.js';
import { DestinationsService } from './destinations.service.js';
import { TokenImportController } from './import/token-import.controller.js';
import { TokenImportService } from './import/token-import.service.js';
import { MerchantGatewaysController } from './merchant-gateways.controller.js';
import { MerchantGatewaysService } from './merchant-gateways.service.js';
import { MerchantsController } from './merchants.controller.js';
import { MerchantsService } from './merchants.service.js';
import { RegistryChanges } from './registry-changes.js';
import { SigningKeysController } from './signing-keys.controller.js';
import { SigningKeysService } from './signing-keys.service.js';
import { TokensController } from './tokens.controller.js';
import { TokensService } from './tokens.service.js';

export const registryControllers: readonly Type[] = [
  MerchantGatewaysController,
  MerchantsController,
  TokensController,
  DestinationsController,
  ClientsController,
  SigningKeysController,
  TokenImportController,
];

export const registryProviders: readonly Provider[] = [
  ClientSecretsService,
  ClientsRepository,
  ClientsService,
  DestinationWriter,
  DestinationsService,
  MerchantGatewaysService,
  MerchantsService,
  RegistryChanges,
  SigningKeysService,
  TokenImportService,
  TokensService,
];
