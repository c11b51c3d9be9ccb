import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { EVERY_MERCHANT_GATEWAY } from '../../auth/clients/client-merchant-gateway.entity.js';
import { RegistryRepository } from '../registry.repository.js';
import { DestinationProvisioner } from './destination-provisioner.js';
import type { ParsedProvisionFile } from './parse-provision-file.js';
import type { ProvisionError, ProvisionPath } from './provision-error.js';
import type { MerchantDeclaration } from './provision-file.js';

/** Puts what a provisioning file declares into the registry, but for its clients. */
@Injectable()
export class RegistryProvisioner {
  constructor(
    private readonly registry: RegistryRepository,
    private readonly destinations: DestinationProvisioner,
  ) {}

  /** @throws ProvisionError naming line and path */
  async put(manager: EntityManager, parsed: ParsedProvisionFile): Promise<void> {
    const { content, errorAt } = parsed;
    for (const [g, gateway] of content.merchantGateways.entries()) {
      await this.registry.putMerchantGateway(manager, gateway.id, gateway.name, gateway.authentication ?? null);
      for (const [m, merchant] of gateway.merchants.entries()) {
        const fail = (path: ProvisionPath, problem: string): ProvisionError =>
          errorAt(['merchantGateways', g, 'merchants', m, ...path], problem);
        await this.putMerchant(manager, gateway.id, merchant, fail);
      }
    }
    await this.assertGatewaysExist(manager, parsed);
  }

  private async putMerchant(
    manager: EntityManager,
    merchantGatewayId: string,
    { id, name, deliveryMode = 'deferred', tokens, destinations }: MerchantDeclaration,
    fail: (path: ProvisionPath, problem: string) => ProvisionError,
  ): Promise<void> {
    await this.registry.putMerchant(manager, { merchantGatewayId, id, name, deliveryMode });
    await this.registry.putTokens(manager, merchantGatewayId, id, tokens);
    for (const [d, destination] of destinations.entries()) {
      await this.destinations.put(manager, { merchantGatewayId, merchantId: id }, destination, (key, problem) =>
        fail(['destinations', d, key], problem),
      );
    }
  }

  /** A client may act for a gateway of an earlier file, but not for one that nobody has declared. */
  private async assertGatewaysExist(manager: EntityManager, { content, errorAt }: ParsedProvisionFile): Promise<void> {
    for (const [index, client] of content.clients.entries()) {
      const named = client.merchantGateways.filter((id) => id !== EVERY_MERCHANT_GATEWAY);
      const [missing] = await this.registry.missingMerchantGateways(manager, named);
      if (missing === undefined) continue;
      const position = client.merchantGateways.indexOf(missing);
      throw errorAt(['clients', index, 'merchantGateways', position], `names ${missing}, which is not declared`);
    }
  }
}
