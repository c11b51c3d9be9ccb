import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { EVERY_MERCHANT_GATEWAY } from '../../auth/clients/client-merchant-gateway.entity.js';
import { Client } from '../../auth/clients/client.entity.js';
import { SecretHasher } from '../../auth/secret-hashing/secret-hasher.js';
import { RegistryRepository } from '../registry.repository.js';
import type { ParsedProvisionFile } from './parse-provision-file.js';
import type { ClientDeclaration } from './provision-file.js';
import { changesOf, type PlannedChange } from './planned-change.js';
import { resolveSecret } from './resolve-secret.js';

/** What declaring clients would change. */
@Injectable()
export class ClientPlan {
  constructor(
    private readonly dataSource: DataSource,
    private readonly registry: RegistryRepository,
    private readonly hasher: SecretHasher,
  ) {}

  /** @throws ProvisionError where one names a merchant gateway that nobody has declared, or a secret is not to be had */
  async of({ content, errorAt }: ParsedProvisionFile): Promise<PlannedChange[]> {
    const declaredGateways = new Set(content.merchantGateways.map(({ id }) => id));
    const changes: PlannedChange[] = [];
    for (const [index, client] of content.clients.entries()) {
      const named = client.merchantGateways.filter((id) => id !== EVERY_MERCHANT_GATEWAY && !declaredGateways.has(id));
      const [missing] = await this.registry.missingMerchantGateways(this.dataSource.manager, named);
      if (missing !== undefined) {
        const position = client.merchantGateways.indexOf(missing);
        throw errorAt(['clients', index, 'merchantGateways', position], `names ${missing}, which is not declared`);
      }
      changes.push(...(await this.ofClient(client, (problem) => errorAt(['clients', index, 'clientSecret'], problem))));
    }
    return changes;
  }

  private async ofClient(declared: ClientDeclaration, fail: (problem: string) => Error): Promise<PlannedChange[]> {
    const { clientId, scopes, merchantGateways } = declared;
    const what = `client ${clientId}`;
    const known = await this.dataSource.manager.findOne(Client, {
      where: { clientId },
      relations: { secrets: true, merchantGateways: true },
    });
    const before = known && {
      scopes: sorted(known.scopes.split(' ')),
      merchantGateways: sorted(known.merchantGateways.map(({ merchantGatewayId }) => merchantGatewayId)),
    };
    const secret = await resolveSecret(declared.clientSecret, fail);
    const [only, ...others] = known?.secrets ?? [];
    const keepsSecret =
      secret === undefined || (only && others.length === 0 && (await this.hasher.matches(secret, only)));
    return [
      ...changesOf(what, before, { scopes: sorted(scopes), merchantGateways: sorted(merchantGateways) }),
      ...(known && !keepsSecret ? [{ kind: 'change' as const, what, detail: 'secret, at once' }] : []),
    ];
  }
}

const sorted = (values: readonly string[]): string => [...new Set(values)].filter(Boolean).sort().join(' ');
