import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { Clock } from '../../clock/clock.js';
import { SecretHasher, type HashedSecret } from '../secret-hashing/secret-hasher.js';
import { ClientDirectory } from './client-directory.js';
import { ClientMerchantGateway } from './client-merchant-gateway.entity.js';
import { ClientSecret } from './client-secret.entity.js';
import { Client } from './client.entity.js';

export interface DeclaredClient {
  readonly clientId: string;
  /** Chosen by people. Without it the client keeps the secret it has, or gets a generated one. */
  readonly clientSecret?: string;
  /** Whether `clientSecret` is only for a client that has no secret yet; otherwise it takes the place of all it has. */
  readonly keepsSecrets?: boolean;
  readonly scopes: readonly string[];
  readonly merchantGateways: readonly string[];
}

/** Makes clients what they are declared to be, inside the caller's transaction. */
@Injectable()
export class ClientRegistrar {
  constructor(
    private readonly hasher: SecretHasher,
    private readonly directory: ClientDirectory,
    private readonly clock: Clock,
  ) {}

  /** @returns the secret in clear where one was generated: the only time it is to be had */
  async put(manager: EntityManager, declared: DeclaredClient): Promise<string | undefined> {
    const { clientId } = declared;
    const scopes = declared.scopes.join(' ');
    const known = await manager.findOne(Client, { where: { clientId }, relations: { secrets: true } });
    if (known) await manager.update(Client, { clientId }, { scopes });
    else await manager.insert(Client, { clientId, scopes, createdAtMs: this.clock.nowMs(), disabledAtMs: null });
    await this.replaceMerchantGateways(manager, declared);
    return this.putSecret(manager, declared, known?.secrets ?? []);
  }

  /** To be called once the transaction has committed. */
  committed(): void {
    this.directory.forgetAll();
  }

  async replaceMerchantGateways(
    manager: EntityManager,
    { clientId, merchantGateways }: Pick<DeclaredClient, 'clientId' | 'merchantGateways'>,
  ): Promise<void> {
    await manager.delete(ClientMerchantGateway, { clientId });
    await manager.insert(
      ClientMerchantGateway,
      [...new Set(merchantGateways)].map((merchantGatewayId) => ({ clientId, merchantGatewayId })),
    );
  }

  private async putSecret(
    manager: EntityManager,
    declared: DeclaredClient,
    existing: ClientSecret[],
  ): Promise<string | undefined> {
    const { clientId, clientSecret, keepsSecrets = false } = declared;
    if (keepsSecrets && existing.length > 0) return undefined;
    if (clientSecret === undefined) {
      if (existing.length > 0) return undefined;
      const { secret, hashed } = this.hasher.generate();
      await this.addSecret(manager, clientId, hashed);
      return secret;
    }
    const [only, ...others] = existing;
    if (only && others.length === 0 && (await this.hasher.matches(clientSecret, only))) return undefined;
    const hashed = await this.hasher.hashChosen(clientSecret);
    await manager.delete(ClientSecret, { clientId });
    await this.addSecret(manager, clientId, hashed);
    return undefined;
  }

  /** @returns its id */
  async addSecret(
    manager: EntityManager,
    clientId: string,
    hashed: HashedSecret,
    expiresAtMs: number | null = null,
  ): Promise<string> {
    const id = uuidv7();
    const createdAtMs = this.clock.nowMs();
    await manager.insert(ClientSecret, { id, clientId, ...hashed, createdAtMs, expiresAtMs, lastUsedAtMs: null });
    return id;
  }
}
