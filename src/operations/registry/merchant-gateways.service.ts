import { Injectable } from '@nestjs/common';
import { DataSource, In, type EntityManager } from 'typeorm';
import { GatewayAuthentications } from '../../auth/gateway-authentications.js';
import type { Caller } from '../../auth/access-tokens/caller.js';
import { ClientMerchantGateway } from '../../auth/clients/client-merchant-gateway.entity.js';
import { ClientRegistrar } from '../../auth/clients/client-registrar.js';
import { MerchantGateway } from '../../registry/entities/merchant-gateway.entity.js';
import { Merchant } from '../../registry/entities/merchant.entity.js';
import { RegistryRepository } from '../../registry/registry.repository.js';
import { assertMayActFor, type Actor } from '../audit/actor.js';
import type { Preconditions } from '../http/preconditions.js';
import { Resource } from '../http/resource.js';
import { decodeTextCursor } from '../http/text-cursor.js';
import { Conflict, InvalidRequest, NotFound } from '../operation-errors.js';
import { visibleGateways } from '../repository/visible-gateways.js';
import { namePageOf, type NamePageQuery } from './name-page.js';
import type { MerchantGatewayBody, MerchantGatewayItem, MerchantGatewayPage } from './registry-bodies.js';
import { RegistryChanges, type Subject } from './registry-changes.js';
import { gatewayTarget } from './registry-path.js';

@Injectable()
export class MerchantGatewaysService {
  constructor(
    private readonly changes: RegistryChanges,
    private readonly registry: RegistryRepository,
    private readonly clients: ClientRegistrar,
    private readonly authentications: GatewayAuthentications,
    private readonly dataSource: DataSource,
  ) {}

  async list({ limit, cursor }: NamePageQuery, caller: Caller): Promise<MerchantGatewayPage> {
    const after = decodeTextCursor(cursor);
    const visible = visibleGateways(caller).filter((id) => id > after);
    const found = await this.dataSource.manager.find(MerchantGateway, {
      select: { id: true, name: true, authentication: true },
      where: { id: In(visible) },
      order: { id: 'ASC' },
      take: limit + 1,
    });
    return namePageOf(found, limit, ({ id }) => id);
  }

  /** @throws NotFound */
  async get(id: string, caller: Caller): Promise<Resource<MerchantGatewayItem>> {
    assertMayActFor(caller, id);
    const found = await subjectOf(id).read(this.dataSource.manager);
    if (!found) throw new NotFound('merchant gateway');
    return new Resource(found);
  }

  /** @throws InvalidRequest where it asks for what cannot be proved here */
  async put(
    id: string,
    { name, authentication }: MerchantGatewayBody,
    actor: Actor,
    preconditions: Preconditions,
  ): Promise<Resource<MerchantGatewayItem>> {
    assertMayActFor(actor, id);
    const fault = this.authentications.faultOf(authentication);
    if (fault) throw new InvalidRequest(`authentication ${fault}`);
    const put = await this.changes.put(subjectOf(id), actor, preconditions, (manager) =>
      this.registry.putMerchantGateway(manager, id, name, authentication),
    );
    // Here it holds for the next call, and elsewhere once they hear of it.
    await this.authentications.load();
    // Those who act for every merchant gateway now act for this one.
    this.clients.committed();
    return put;
  }

  /** Clients no longer act for it. @throws Conflict while it has merchants */
  async remove(id: string, actor: Actor, preconditions: Preconditions): Promise<void> {
    assertMayActFor(actor, id);
    await this.changes.remove(subjectOf(id), actor, preconditions, async (manager) => {
      if (await manager.existsBy(Merchant, { merchantGatewayId: id }))
        throw new Conflict('The merchant gateway has merchants');
      await manager.delete(ClientMerchantGateway, { merchantGatewayId: id });
      await manager.delete(MerchantGateway, { id });
    });
    this.clients.committed();
  }
}

function subjectOf(id: string): Subject<MerchantGatewayItem> {
  return {
    kind: 'merchant-gateway',
    merchantGatewayId: id,
    target: gatewayTarget({ merchantGatewayId: id }),
    read: async (manager: EntityManager) => {
      const found = await manager.findOneBy(MerchantGateway, { id });
      return found ? { id: found.id, name: found.name, authentication: found.authentication } : undefined;
    },
  };
}
