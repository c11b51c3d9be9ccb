import { Injectable } from '@nestjs/common';
import { DataSource, MoreThan, type EntityManager } from 'typeorm';
import type { Caller } from '../../auth/access-tokens/caller.js';
import { Client } from '../../auth/clients/client.entity.js';
import { EVERY_MERCHANT_GATEWAY } from '../../auth/clients/client-merchant-gateway.entity.js';
import { isoTime, isoTimeOrNull } from '../search/iso-time.js';
import type { ClientDetail, ClientItem } from './client-bodies.js';

const relations = { secrets: true, merchantGateways: true } as const;

/** Clients as operators see them: one that is limited to some merchant gateways sees those that act for no others. */
@Injectable()
export class ClientsRepository {
  constructor(private readonly dataSource: DataSource) {}

  /** As it is changed: without when its secrets were used. */
  async find(manager: EntityManager, clientId: string, caller: Caller): Promise<ClientItem | undefined> {
    const found = await this.findDetail(clientId, caller, manager);
    return found && withoutUses(found);
  }

  async findDetail(
    clientId: string,
    caller: Caller,
    manager = this.dataSource.manager,
  ): Promise<ClientDetail | undefined> {
    const found = await manager.findOne(Client, { where: { clientId }, relations });
    return found && isVisible(found, caller) ? detailOf(found) : undefined;
  }

  /** In the order of their ids. */
  async list(after: string, count: number, caller: Caller): Promise<ClientDetail[]> {
    const items: ClientDetail[] = [];
    let last = after;
    for (;;) {
      const where = { clientId: MoreThan(last) };
      // With relations, `take` makes TypeORM ask twice, but for the right number of clients.
      const found = await this.dataSource.manager.find(Client, {
        where,
        relations,
        order: { clientId: 'ASC' },
        take: count,
      });
      items.push(...found.filter((client) => isVisible(client, caller)).map(detailOf));
      last = found.at(-1)?.clientId ?? last;
      if (found.length < count || items.length >= count) return items.slice(0, count);
    }
  }
}

function isVisible({ merchantGateways }: Client, caller: Caller): boolean {
  if (caller.isUnlimited) return true;
  const own = caller.merchantGateways;
  if (own === 'all' || merchantGateways.length === 0) return false;
  return merchantGateways.every(({ merchantGatewayId: id }) => id !== EVERY_MERCHANT_GATEWAY && own.has(id));
}

function detailOf({ clientId, scopes, merchantGateways, createdAtMs, disabledAtMs, secrets }: Client): ClientDetail {
  return {
    clientId,
    scopes: scopes.split(' ').filter(Boolean),
    merchantGateways: merchantGateways
      .map(({ merchantGatewayId }) => merchantGatewayId)
      .toSorted((a, b) => (a < b ? -1 : 1)),
    createdAt: isoTime(createdAtMs),
    disabledAt: isoTimeOrNull(disabledAtMs),
    secrets: secrets
      .toSorted((a, b) => (a.id < b.id ? -1 : 1))
      .map((secret) => ({
        id: secret.id,
        kind: secret.kind,
        createdAt: isoTime(secret.createdAtMs),
        expiresAt: isoTimeOrNull(secret.expiresAtMs),
        lastUsedAt: isoTimeOrNull(secret.lastUsedAtMs),
      })),
  };
}

export function withoutUses({
  clientId,
  scopes,
  merchantGateways,
  createdAt,
  disabledAt,
  secrets,
}: ClientDetail): ClientItem {
  const shared = { clientId, scopes, merchantGateways, createdAt, disabledAt };
  return { ...shared, secrets: secrets.map(({ lastUsedAt: _use, ...secret }) => secret) };
}
