import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { EVERY_MERCHANT_GATEWAY } from '../../auth/clients/client-merchant-gateway.entity.js';
import type { ClientSecret } from '../../auth/clients/client-secret.entity.js';
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

  /**
   * @param keepSecrets whether secrets in the file are only for clients that have none
   * @throws ProvisionError where one names a merchant gateway that nobody has declared, or a secret is not to be had
   */
  async of({ content, errorAt }: ParsedProvisionFile, keepSecrets: boolean): Promise<PlannedChange[]> {
    const declaredGateways = new Set(content.merchantGateways.map(({ id }) => id));
    const changes: PlannedChange[] = [];
    for (const [index, client] of content.clients.entries()) {
      const named = client.merchantGateways.filter((id) => id !== EVERY_MERCHANT_GATEWAY && !declaredGateways.has(id));
      const [missing] = await this.registry.missingMerchantGateways(this.dataSource.manager, named);
      if (missing !== undefined) {
        const position = client.merchantGateways.indexOf(missing);
        throw errorAt(['clients', index, 'merchantGateways', position], `names ${missing}, which is not declared`);
      }
      const fail = (problem: string): Error => errorAt(['clients', index, 'clientSecret'], problem);
      const known = await this.dataSource.manager.findOne(Client, {
        where: { clientId: client.clientId },
        relations: { secrets: true, merchantGateways: true },
      });
      changes.push(...ofClient(client, known));
      const secret = await resolveSecret(client.clientSecret, fail);
      if (!known || secret === undefined || (keepSecrets && known.secrets.length > 0)) continue;
      changes.push(...(await this.ofSecret(client.clientId, secret, known.secrets)));
    }
    return changes;
  }

  private async ofSecret(
    clientId: string,
    secret: string,
    existing: readonly ClientSecret[],
  ): Promise<PlannedChange[]> {
    const [only, ...others] = existing;
    if (only && others.length === 0 && (await this.hasher.matches(secret, only))) return [];
    const taken = existing.length === 1 ? 'the one it has' : `the ${existing.length} it has`;
    return [{ kind: 'change', what: whatOf(clientId), detail: `secret, at once, in place of ${taken}` }];
  }
}

function ofClient(declared: ClientDeclaration, known: Client | null): PlannedChange[] {
  const before = known && {
    scopes: sorted(known.scopes.split(' ')),
    merchantGateways: sorted(known.merchantGateways.map(({ merchantGatewayId }) => merchantGatewayId)),
  };
  const after = { scopes: sorted(declared.scopes), merchantGateways: sorted(declared.merchantGateways) };
  return changesOf(whatOf(declared.clientId), before, after);
}

const whatOf = (clientId: string): string => `client ${clientId}`;

const sorted = (values: readonly string[]): string => [...new Set(values)].filter(Boolean).sort().join(' ');
