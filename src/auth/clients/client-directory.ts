import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { setTimeout as wait } from 'node:timers/promises';
import { In, Repository } from 'typeorm';
import { GatewayConfig } from '../../config/gateway-config.js';
import { InstanceChannel } from '../../database/channel/instance-channel.js';
import { Batched } from '../../memory/batched.js';
import { Remembered } from '../../memory/remembered.js';
import { conceal } from '../../privacy/conceal.js';
import { EVERY_MERCHANT_GATEWAY } from './client-merchant-gateway.entity.js';
import { ClientSecret } from './client-secret.entity.js';
import { Client, MAX_CLIENT_ID_LENGTH } from './client.entity.js';

/** A client as authentication sees it. */
export interface KnownClient {
  readonly clientId: string;
  readonly scopes: readonly string[];
  readonly merchantGateways: ReadonlySet<string>;
  /** Whether its merchant gateways are all there are. */
  readonly isUnlimited: boolean;
  readonly secrets: readonly Pick<ClientSecret, 'id' | 'kind' | 'hash' | 'expiresAtMs'>[];
}

/** What the database had of a client. */
interface Looked {
  /** Undefined where there is no such client, or a disabled one. */
  readonly client: KnownClient | undefined;
  /** When it was asked, by the monotonic clock. */
  readonly atMs: number;
}

/**
 * The most often that the database is asked about one client anew, and the longest that somebody waits for that: shorter than
 * any refusal takes, so that none tells whether the client was looked up a moment ago.
 */
const LOOK_INTERVAL_MS = 50;
/** More often the database is not asked at all: what anybody asks in between, of any client, is asked together. */
const BATCH_INTERVAL_MS = 10;
const MAX_CLIENTS = 10_000;
const CHOSEN_SECRETS = 'any';

/**
 * Enabled clients by id, remembered for `CLIENT_CACHE_SECONDS`: within that time a change made by another instance
 * takes effect here, though its notice got lost; one made here takes effect at once.
 */
@Injectable()
export class ClientDirectory {
  private readonly clients: Remembered<Looked>;
  private readonly rows = new Batched(BATCH_INTERVAL_MS, (clientIds) => this.loadRows(clientIds));
  private readonly chosenSecrets: Remembered<boolean>;

  constructor(
    config: GatewayConfig,
    @InjectRepository(Client) private readonly repository: Repository<Client>,
    @InjectRepository(ClientSecret) private readonly secrets: Repository<ClientSecret>,
    private readonly channel: InstanceChannel,
  ) {
    const ttlMs = Math.max(config.auth.clientCacheSeconds * 1000, 1);
    this.clients = new Remembered({ max: MAX_CLIENTS, ttlMs }, (clientId) => this.ask(clientId));
    this.chosenSecrets = new Remembered({ max: 1, ttlMs }, () => this.secrets.existsBy({ kind: 'chosen' }));
    channel.subscribe('clients', () => this.forget());
  }

  async find(clientId: string): Promise<KnownClient | undefined> {
    return (await this.look(clientId)).client;
  }

  /** As the database has it at a time or later: what is remembered may be older than a secret that was given out since. */
  async findSince(clientId: string, sinceMs: number): Promise<KnownClient | undefined> {
    let looked = await this.look(clientId);
    while (looked.atMs < sinceMs) {
      await wait(Math.max(0, looked.atMs + LOOK_INTERVAL_MS - performance.now()));
      // Whoever was first has asked for all who waited.
      const isNewer = (this.clients.get(clientId)?.atMs ?? 0) > looked.atMs;
      looked = await this.look(clientId, { anew: !isNewer });
    }
    return looked.client;
  }

  /** A client that was looked up lately; undefined says nothing. */
  remembered(clientId: string): KnownClient | undefined {
    return this.clients.get(clientId)?.client;
  }

  /** Whether any client at all has a secret that takes long to check. */
  async hasChosenSecrets(): Promise<boolean> {
    return (await this.chosenSecrets.fetch(CHOSEN_SECRETS)) ?? false;
  }

  /** To be called after a change has been committed: the other instances are told, too. */
  forgetAll(): void {
    this.forget();
    this.channel.publish('clients');
  }

  private async look(clientId: string, options = { anew: false }): Promise<Looked> {
    // Anybody may send any number of these, of any length: nobody's, they are neither looked for nor remembered.
    if (clientId.length > MAX_CLIENT_ID_LENGTH) return { atMs: performance.now(), client: undefined };
    return (await this.clients.fetch(clientId, options)) ?? this.ask(clientId);
  }

  private forget(): void {
    this.clients.forgetAll();
    this.chosenSecrets.forgetAll();
  }

  private async ask(clientId: string): Promise<Looked> {
    const atMs = performance.now();
    return { atMs, client: await this.load(clientId) };
  }

  private async load(clientId: string): Promise<KnownClient | undefined> {
    const client = await this.rows.get(clientId);
    if (!client || client.disabledAtMs !== null) return undefined;
    const named = client.merchantGateways.map(({ merchantGatewayId }) => merchantGatewayId);
    const isUnlimited = named.includes(EVERY_MERCHANT_GATEWAY);
    return {
      clientId,
      scopes: client.scopes.split(' ').filter(Boolean),
      merchantGateways: new Set(isUnlimited ? await this.everyMerchantGateway() : named),
      isUnlimited,
      secrets: client.secrets.map(({ id, kind, hash, expiresAtMs }) =>
        conceal({ id, kind, hash, expiresAtMs }, 'hash'),
      ),
    };
  }

  private async loadRows(clientIds: readonly string[]): Promise<ReadonlyMap<string, Client>> {
    const clients = await this.repository.find({
      where: { clientId: In(clientIds) },
      relations: { secrets: true, merchantGateways: true },
    });
    return new Map(clients.map((client) => [client.clientId, client]));
  }

  /** By SQL, as the registry is above. */
  private async everyMerchantGateway(): Promise<string[]> {
    const rows = await this.repository.query<{ id: string }[]>('select id from merchant_gateways');
    return rows.map(({ id }) => id);
  }
}
