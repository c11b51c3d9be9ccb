import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { LRUCache } from 'lru-cache';
import { Repository } from 'typeorm';
import { GatewayConfig } from '../../config/gateway-config.js';
import { ClientSecret } from './client-secret.entity.js';
import { Client } from './client.entity.js';

/** A client as authentication sees it. */
export interface KnownClient {
  readonly clientId: string;
  readonly scopes: readonly string[];
  readonly merchantGateways: ReadonlySet<string>;
  readonly secrets: readonly Pick<ClientSecret, 'id' | 'kind' | 'hash'>[];
}

const NOBODY = Symbol('no such client, or a disabled one');
const MAX_CLIENTS = 10_000;
const CHOSEN_SECRETS = 'any';

/**
 * Enabled clients by id, remembered for `CLIENT_CACHE_SECONDS`: within that time a change made by another instance
 * takes effect here; one made here takes effect at once.
 */
@Injectable()
export class ClientDirectory {
  private readonly clients: LRUCache<string, KnownClient | typeof NOBODY>;
  private readonly chosenSecrets: LRUCache<string, boolean>;

  constructor(
    config: GatewayConfig,
    @InjectRepository(Client) private readonly repository: Repository<Client>,
    @InjectRepository(ClientSecret) private readonly secrets: Repository<ClientSecret>,
  ) {
    const ttl = Math.max(config.auth.clientCacheSeconds * 1000, 1);
    this.clients = new LRUCache({ max: MAX_CLIENTS, ttl, fetchMethod: (clientId) => this.load(clientId) });
    this.chosenSecrets = new LRUCache({ max: 1, ttl, fetchMethod: () => this.secrets.existsBy({ kind: 'chosen' }) });
  }

  async find(clientId: string): Promise<KnownClient | undefined> {
    const found = await this.clients.fetch(clientId);
    return found === NOBODY ? undefined : found;
  }

  /** Whether any client at all has a secret that takes long to check. */
  async hasChosenSecrets(): Promise<boolean> {
    return (await this.chosenSecrets.fetch(CHOSEN_SECRETS)) ?? false;
  }

  /** To be called after a change. */
  forgetAll(): void {
    this.clients.clear();
    this.chosenSecrets.clear();
  }

  private async load(clientId: string): Promise<KnownClient | typeof NOBODY> {
    const client = await this.repository.findOne({
      where: { clientId },
      relations: { secrets: true, merchantGateways: true },
    });
    if (!client || client.disabledAtMs !== null) return NOBODY;
    return {
      clientId,
      scopes: client.scopes.split(' ').filter(Boolean),
      merchantGateways: new Set(client.merchantGateways.map(({ merchantGatewayId }) => merchantGatewayId)),
      secrets: client.secrets.map(({ id, kind, hash }) => ({ id, kind, hash })),
    };
  }
}
