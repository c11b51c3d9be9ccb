import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { mayActFor, type Caller } from '../../auth/access-tokens/caller.js';
import { ClientRegistrar } from '../../auth/clients/client-registrar.js';
import { Client } from '../../auth/clients/client.entity.js';
import { EVERY_MERCHANT_GATEWAY } from '../../auth/clients/client-merchant-gateway.entity.js';
import { Scope } from '@gateway/d1-contract';
import { Clock } from '../../clock/clock.js';
import { RegistryRepository } from '../../registry/registry.repository.js';
import type { Actor } from '../audit/actor.js';
import { etagOf } from '../http/etag.js';
import { assertPreconditions, type Preconditions } from '../http/preconditions.js';
import { Resource } from '../http/resource.js';
import { decodeTextCursor } from '../http/text-cursor.js';
import { Conflict, InvalidRequest, NotFound } from '../operation-errors.js';
import type { ClientChange, ClientItem, ClientPage, NewClient } from './client-bodies.js';
import { ClientsRepository, withoutUses } from './clients.repository.js';
import { namePageOf, type NamePageQuery } from './name-page.js';
import { RegistryChanges } from './registry-changes.js';

@Injectable()
export class ClientsService {
  constructor(
    private readonly changes: RegistryChanges,
    private readonly repository: ClientsRepository,
    private readonly registrar: ClientRegistrar,
    private readonly registry: RegistryRepository,
    private readonly clock: Clock,
  ) {}

  async list({ limit, cursor }: NamePageQuery, caller: Caller): Promise<ClientPage> {
    const found = await this.repository.list(decodeTextCursor(cursor), limit + 1, caller);
    return namePageOf(found, limit, ({ clientId }) => clientId);
  }

  /** With the entity tag that changing it asks for; when its secrets were used does not count. @throws NotFound */
  async get(clientId: string, caller: Caller): Promise<Resource<ClientItem>> {
    const found = await this.repository.findDetail(clientId, caller);
    if (!found) throw new NotFound('client');
    return new Resource(withoutUses(found), false, { secrets: found.secrets });
  }

  /** @throws Conflict where the id is taken, be it by one that the caller does not see */
  async create(client: NewClient, actor: Actor): Promise<Resource<ClientItem>> {
    const created = await this.changes.run(actor, async (manager) => {
      await this.assertGateways(manager, client.merchantGateways, actor);
      const { clientId } = client;
      if (await manager.existsBy(Client, { clientId })) throw new Conflict('There is such a client already');
      const clientSecret = await this.registrar.put(manager, client);
      const after = await this.read(manager, clientId, actor);
      const change = { action: 'client.create', ...targetOf(after), after };
      return { result: new Resource(after, true, clientSecret === undefined ? {} : { clientSecret }), change };
    });
    this.registrar.committed();
    return created;
  }

  /** @throws NotFound, PreconditionFailed */
  async change(
    clientId: string,
    change: ClientChange,
    actor: Actor,
    preconditions: Preconditions,
  ): Promise<Resource<ClientItem>> {
    const changed = await this.changes.run(actor, async (manager) => {
      const before = await this.read(manager, clientId, actor);
      assertPreconditions(preconditions, etagOf(before));
      await this.write(manager, before, change, actor);
      const after = await this.read(manager, clientId, actor);
      const isSame = etagOf(before) === etagOf(after);
      return {
        result: new Resource(after),
        change: isSame ? undefined : { action: 'client.change', ...targetOf(after), before, after },
      };
    });
    this.registrar.committed();
    return changed;
  }

  private async write(manager: EntityManager, before: ClientItem, change: ClientChange, actor: Actor): Promise<void> {
    const { clientId } = before;
    const { scopes = before.scopes, merchantGateways = before.merchantGateways, disabled } = change;
    if (merchantGateways.includes(EVERY_MERCHANT_GATEWAY) && scopes.includes(Scope.Notify)) {
      throw new InvalidRequest(`merchantGateways must name those of a client with ${Scope.Notify}`);
    }
    const wasDisabled = before.disabledAt !== null;
    await manager.update(
      Client,
      { clientId },
      {
        scopes: scopes.join(' '),
        ...(disabled !== undefined &&
          disabled !== wasDisabled && { disabledAtMs: disabled ? this.clock.nowMs() : null }),
      },
    );
    if (change.merchantGateways) {
      await this.assertGateways(manager, merchantGateways, actor);
      await this.registrar.replaceMerchantGateways(manager, { clientId, merchantGateways });
    }
  }

  private async read(manager: EntityManager, clientId: string, actor: Actor): Promise<ClientItem> {
    const found = await this.repository.find(manager, clientId, actor);
    if (!found) throw new NotFound('client');
    return found;
  }

  /** A caller gives no more than it has. */
  private async assertGateways(manager: EntityManager, ids: readonly string[], caller: Caller): Promise<void> {
    const isTooMuch = ids.length === 0 || ids.some((id) => !mayActFor(caller, id));
    if (!caller.isUnlimited && isTooMuch) throw new NotFound('merchant gateway');
    const missing = await this.registry.missingMerchantGateways(
      manager,
      ids.filter((id) => id !== EVERY_MERCHANT_GATEWAY),
    );
    if (missing.length > 0) throw new NotFound('merchant gateway');
  }
}

export function targetOf({ clientId, merchantGateways }: ClientItem): {
  merchantGatewayId: string | null;
  target: string;
} {
  const [only = null, ...others] = merchantGateways;
  const isOne = others.length === 0 && only !== EVERY_MERCHANT_GATEWAY;
  return { merchantGatewayId: isOne ? only : null, target: `/registry/clients/${clientId}` };
}
