import { Injectable } from '@nestjs/common';
import { DataSource, In, IsNull, MoreThan, type EntityManager } from 'typeorm';
import type { Caller } from '../../auth/access-tokens/caller.js';
import { Clock } from '../../clock/clock.js';
import { Destination } from '../../registry/entities/destination.entity.js';
import { MerchantGateway } from '../../registry/entities/merchant-gateway.entity.js';
import { Merchant } from '../../registry/entities/merchant.entity.js';
import { Token } from '../../registry/entities/token.entity.js';
import { RegistryRepository } from '../../registry/registry.repository.js';
import { Delivery } from '../../tokens/entities/delivery.entity.js';
import { assertMayActFor, type Actor } from '../audit/actor.js';
import type { Preconditions } from '../http/preconditions.js';
import { Resource } from '../http/resource.js';
import { decodeTextCursor } from '../http/text-cursor.js';
import { Conflict, NotFound } from '../operation-errors.js';
import { namePageOf, type NamePageQuery } from './name-page.js';
import type { MerchantBody, MerchantItem, MerchantPage } from './registry-bodies.js';
import { RegistryChanges, type Subject } from './registry-changes.js';
import { merchantTarget, type RegistryPath } from './registry-path.js';

/** What a merchant is found by. */
export type MerchantPath = Pick<RegistryPath, 'merchantGatewayId' | 'merchantId'>;

/** Why deliveries are cancelled that nobody wants any more. */
const REMOVED = 'The merchant was removed';

@Injectable()
export class MerchantsService {
  constructor(
    private readonly changes: RegistryChanges,
    private readonly registry: RegistryRepository,
    private readonly dataSource: DataSource,
    private readonly clock: Clock,
  ) {}

  /** @throws NotFound where there is no such merchant gateway */
  async list(merchantGatewayId: string, { limit, cursor }: NamePageQuery, caller: Caller): Promise<MerchantPage> {
    assertMayActFor(caller, merchantGatewayId);
    const { manager } = this.dataSource;
    await assertGateway(manager, merchantGatewayId);
    const where = { merchantGatewayId, id: MoreThan(decodeTextCursor(cursor)) };
    const found = await manager.find(Merchant, { where, order: { id: 'ASC' }, take: limit + 1 });
    return namePageOf(found.map(itemOf), limit, ({ id }) => id);
  }

  /** @throws NotFound */
  async get(path: MerchantPath, caller: Caller): Promise<Resource<MerchantItem>> {
    assertMayActFor(caller, path.merchantGatewayId);
    const found = await subjectOf(path).read(this.dataSource.manager);
    if (!found) throw new NotFound('merchant');
    return new Resource(found);
  }

  async put(
    path: MerchantPath,
    body: MerchantBody,
    actor: Actor,
    preconditions: Preconditions,
  ): Promise<Resource<MerchantItem>> {
    const { merchantGatewayId, merchantId: id } = path;
    assertMayActFor(actor, merchantGatewayId);
    return this.changes.put(subjectOf(path), actor, preconditions, async (manager) => {
      await assertGateway(manager, merchantGatewayId);
      const { name, deliveryMode = 'deferred' } = body;
      await this.registry.putMerchant(manager, { merchantGatewayId, id, name, deliveryMode });
    });
  }

  /** With the destinations it had. @throws Conflict while it has tokens or destinations */
  async remove(path: MerchantPath, actor: Actor, preconditions: Preconditions): Promise<void> {
    const { merchantGatewayId, merchantId } = path;
    assertMayActFor(actor, merchantGatewayId);
    await this.changes.remove(subjectOf(path), actor, preconditions, async (manager) => {
      const ofMerchant = { merchantGatewayId, merchantId };
      if (await manager.existsBy(Token, ofMerchant)) throw new Conflict('The merchant has tokens');
      if (await manager.existsBy(Destination, { ...ofMerchant, deletedAtMs: IsNull() })) {
        throw new Conflict('The merchant has destinations');
      }
      await this.cancelPending(manager, ofMerchant);
      await manager.delete(Destination, ofMerchant);
      await manager.delete(Merchant, { merchantGatewayId, id: merchantId });
    });
  }

  /**
   * Without their destination nobody would find them again. Those that are being tried, too: that try settles them as
   * delivered, or leaves them as they are.
   */
  private async cancelPending(manager: EntityManager, ofMerchant: MerchantPath): Promise<void> {
    const destinations = await manager.find(Destination, { where: ofMerchant, select: { id: true } });
    await manager.update(
      Delivery,
      { destinationId: In(destinations.map(({ id }) => id)), state: 'pending' },
      { state: 'cancelled', settledAtMs: this.clock.nowMs(), lastReason: REMOVED },
    );
  }
}

/** @throws NotFound */
export async function assertMerchant(
  manager: EntityManager,
  { merchantGatewayId, merchantId }: MerchantPath,
): Promise<void> {
  if (!(await manager.existsBy(Merchant, { merchantGatewayId, id: merchantId }))) throw new NotFound('merchant');
}

async function assertGateway(manager: EntityManager, id: string): Promise<void> {
  if (!(await manager.existsBy(MerchantGateway, { id }))) throw new NotFound('merchant gateway');
}

function itemOf({ id, name, deliveryMode }: Merchant): MerchantItem {
  return { id, name, deliveryMode };
}

function subjectOf(path: MerchantPath): Subject<MerchantItem> {
  const { merchantGatewayId, merchantId: id } = path;
  return {
    kind: 'merchant',
    merchantGatewayId,
    target: merchantTarget(path),
    read: async (manager) => {
      const found = await manager.findOneBy(Merchant, { merchantGatewayId, id });
      return found ? itemOf(found) : undefined;
    },
  };
}
