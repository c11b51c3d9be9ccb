import { Injectable } from '@nestjs/common';
import { readFile } from 'node:fs/promises';
import type { EntityManager } from 'typeorm';
import { ClientRegistrar } from '../../auth/clients/client-registrar.js';
import { Transactions } from '../../database/transactions.js';
import { RegistrationEvents } from '../registration-events.js';
import { RegistryRepository } from '../registry.repository.js';
import { assertConsistent } from './assert-consistent.js';
import { parseProvisionFile, type ParsedProvisionFile } from './parse-provision-file.js';
import { DestinationProvisioner } from './destination-provisioner.js';
import { ProvisionError, type ProvisionPath } from './provision-error.js';
import type { MerchantDeclaration, ProvisionFile } from './provision-file.js';
import { resolveSecret } from './resolve-secret.js';

export interface ProvisionResult {
  readonly merchantGateways: number;
  readonly merchants: number;
  readonly tokens: number;
  readonly clients: number;
  /** Secrets that were made, by client id: shown once, stored as hashes. */
  readonly generatedSecrets: ReadonlyMap<string, string>;
}

/** Any number will do, as long as all instances use the same. */
const PROVISIONING_LOCK = 0xd1_6a7f;

export interface ProvisionOptions {
  /** Whether new clients may get a secret made here, for whoever reads the result. */
  readonly generateSecrets: boolean;
}

/** Applies a provisioning file: adds and changes what it declares, removes nothing, all of it or nothing. */
@Injectable()
export class Provisioner {
  constructor(
    private readonly transactions: Transactions,
    private readonly registry: RegistryRepository,
    private readonly destinations: DestinationProvisioner,
    private readonly clients: ClientRegistrar,
    private readonly events: RegistrationEvents,
  ) {}

  /** @throws ProvisionError naming line and path; the registry is then as it was */
  async applyFile(file: string, options: ProvisionOptions = { generateSecrets: true }): Promise<ProvisionResult> {
    const parsed = parseProvisionFile(file, await readText(file));
    assertConsistent(parsed);
    const generatedSecrets = await this.transactions.runInTurn(PROVISIONING_LOCK, async (manager) => {
      await this.putRegistry(manager, parsed);
      await this.assertGatewaysExist(manager, parsed);
      return this.putClients(manager, parsed, options);
    });
    this.clients.committed();
    this.events.emit('registered');
    return { ...countsOf(parsed.content), generatedSecrets };
  }

  private async putRegistry(manager: EntityManager, { content, errorAt }: ParsedProvisionFile): Promise<void> {
    for (const [g, gateway] of content.merchantGateways.entries()) {
      await this.registry.putMerchantGateway(manager, gateway.id, gateway.name);
      for (const [m, merchant] of gateway.merchants.entries()) {
        const fail = (path: ProvisionPath, problem: string): ProvisionError =>
          errorAt(['merchantGateways', g, 'merchants', m, ...path], problem);
        await this.putMerchant(manager, gateway.id, merchant, fail);
      }
    }
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
      const [missing] = await this.registry.missingMerchantGateways(manager, client.merchantGateways);
      if (missing === undefined) continue;
      const position = client.merchantGateways.indexOf(missing);
      throw errorAt(['clients', index, 'merchantGateways', position], `names ${missing}, which is not declared`);
    }
  }

  private async putClients(
    manager: EntityManager,
    { content, errorAt }: ParsedProvisionFile,
    { generateSecrets }: ProvisionOptions,
  ): Promise<Map<string, string>> {
    const generated = new Map<string, string>();
    for (const [index, { clientSecret: source, ...client }] of content.clients.entries()) {
      const fail = (problem: string): ProvisionError => errorAt(['clients', index, 'clientSecret'], problem);
      const clientSecret = await resolveSecret(source, fail);
      const secret = await this.clients.put(manager, {
        ...client,
        ...(clientSecret !== undefined && { clientSecret }),
      });
      if (secret === undefined) continue;
      if (!generateSecrets) throw fail('is missing: in production, give it as {"env": …} or {"file": …}');
      generated.set(client.clientId, secret);
    }
    return generated;
  }
}

async function readText(file: string): Promise<string> {
  return readFile(file, 'utf8').catch((cause: NodeJS.ErrnoException) => {
    throw new ProvisionError(file, `cannot be read: ${cause.code}`);
  });
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
