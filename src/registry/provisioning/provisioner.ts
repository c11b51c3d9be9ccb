import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { ClientRegistrar } from '../../auth/clients/client-registrar.js';
import { Transactions } from '../../database/transactions.js';
import { RegistrationEvents } from '../registration-events.js';
import { REGISTRY_LOCK } from '../registry-transactions.js';
import type { ParsedProvisionFile } from './parse-provision-file.js';
import type { ProvisionError } from './provision-error.js';
import type { ProvisionFile } from './provision-file.js';
import type { ProvisionOptions } from './provision-options.js';
import { ProvisionReader } from './provision-reader.js';
import { ProvisioningAudit } from './provisioning-audit.js';
import { RegistryProvisioner } from './registry-provisioner.js';
import { resolveSecret } from './resolve-secret.js';

export interface ProvisionResult {
  readonly merchantGateways: number;
  readonly merchants: number;
  readonly tokens: number;
  readonly clients: number;
  /** Secrets that were made, by client id: shown once, stored as hashes. */
  readonly generatedSecrets: ReadonlyMap<string, string>;
}

/** Applies a provisioning file: adds and changes what it declares, removes nothing, all of it or nothing. */
@Injectable()
export class Provisioner {
  constructor(
    private readonly transactions: Transactions,
    private readonly reader: ProvisionReader,
    private readonly registry: RegistryProvisioner,
    private readonly clients: ClientRegistrar,
    private readonly audit: ProvisioningAudit,
    private readonly events: RegistrationEvents,
  ) {}

  /** @throws ProvisionError naming line and path; the registry is then as it was */
  async applyFile(file: string, options: ProvisionOptions = { generateSecrets: true }): Promise<ProvisionResult> {
    const parsed = await this.reader.read(file);
    const generatedSecrets = await this.transactions.runInTurn(REGISTRY_LOCK, async (manager) => {
      await this.audit.write(manager, parsed, options);
      await this.registry.put(manager, parsed);
      return this.putClients(manager, parsed, options);
    });
    this.clients.committed();
    this.events.emit('registered');
    return { ...countsOf(parsed.content), generatedSecrets };
  }

  private async putClients(
    manager: EntityManager,
    { content, errorAt }: ParsedProvisionFile,
    { generateSecrets, keepSecrets = false }: ProvisionOptions,
  ): Promise<Map<string, string>> {
    const generated = new Map<string, string>();
    for (const [index, { clientSecret: source, ...client }] of content.clients.entries()) {
      const fail = (problem: string): ProvisionError => errorAt(['clients', index, 'clientSecret'], problem);
      const clientSecret = await resolveSecret(source, fail);
      const secret = await this.clients.put(manager, {
        ...client,
        keepsSecrets: keepSecrets,
        ...(clientSecret !== undefined && { clientSecret }),
      });
      if (secret === undefined) continue;
      if (!generateSecrets) throw fail('is missing: in production, give it as {"env": …} or {"file": …}');
      generated.set(client.clientId, secret);
    }
    return generated;
  }
}

function countsOf({ merchantGateways, clients }: ProvisionFile): Omit<ProvisionResult, 'generatedSecrets'> {
  const merchants = merchantGateways.flatMap((gateway) => gateway.merchants);
  return {
    merchantGateways: merchantGateways.length,
    merchants: merchants.length,
    tokens: merchants.reduce((sum, { tokens }) => sum + tokens.length, 0),
    clients: clients.length,
  };
}
