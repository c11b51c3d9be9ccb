import { Injectable } from '@nestjs/common';
import { DataSource, IsNull, MoreThan, type EntityManager } from 'typeorm';
import type { Caller } from '../../auth/access-tokens/caller.js';
import { Clock } from '../../clock/clock.js';
import { HandlerRegistry } from '../../delivery/destinations/handler/handler-registry.js';
import { Destination } from '../../registry/entities/destination.entity.js';
import { assertMayActFor, type Actor } from '../audit/actor.js';
import type { Preconditions } from '../http/preconditions.js';
import { Resource } from '../http/resource.js';
import { decodeTextCursor } from '../http/text-cursor.js';
import { InvalidRequest, NotFound } from '../operation-errors.js';
import type { DestinationBody, DestinationItem, DestinationPage } from './destination-bodies.js';
import { DestinationWriter } from './destination-writer.js';
import { assertMerchant, type MerchantPath } from './merchants.service.js';
import { namePageOf, type NamePageQuery } from './name-page.js';
import { RegistryChanges, type Subject } from './registry-changes.js';
import { merchantTarget, type DestinationPath } from './registry-path.js';

@Injectable()
export class DestinationsService {
  constructor(
    private readonly changes: RegistryChanges,
    private readonly writer: DestinationWriter,
    private readonly handlers: HandlerRegistry,
    private readonly dataSource: DataSource,
    private readonly clock: Clock,
  ) {}

  /** @throws NotFound where there is no such merchant */
  async list(path: MerchantPath, { limit, cursor }: NamePageQuery, caller: Caller): Promise<DestinationPage> {
    const { merchantGatewayId, merchantId } = path;
    assertMayActFor(caller, merchantGatewayId);
    const { manager } = this.dataSource;
    await assertMerchant(manager, path);
    const where = { merchantGatewayId, merchantId, name: MoreThan(decodeTextCursor(cursor)), deletedAtMs: IsNull() };
    const found = await manager.find(Destination, { where, order: { name: 'ASC' }, take: limit + 1 });
    const items = await Promise.all(found.map((one) => this.writer.itemOf(one)));
    return namePageOf(items, limit, ({ name }) => name);
  }

  /** @throws NotFound */
  async get(path: DestinationPath, caller: Caller): Promise<Resource<DestinationItem>> {
    assertMayActFor(caller, path.merchantGatewayId);
    const found = await this.subjectOf(path).read(this.dataSource.manager);
    if (!found) throw new NotFound('destination');
    return new Resource(found);
  }

  async put(
    path: DestinationPath,
    body: DestinationBody,
    actor: Actor,
    preconditions: Preconditions,
  ): Promise<Resource<DestinationItem>> {
    assertMayActFor(actor, path.merchantGatewayId);
    if (body.handler !== undefined && !this.handlers.find(body.handler)) {
      throw new InvalidRequest('handler is not one that is registered');
    }
    const put = await this.changes.put(this.subjectOf(path), actor, preconditions, async (manager, before) => {
      await assertMerchant(manager, path);
      return this.writer.put(manager, path, body, before);
    });
    await this.writer.cancelPending(path, put.body.disabledAt !== null);
    return put;
  }

  /** What is pending for it is cancelled. It stays for the deliveries it had, and is there again when it is put again. */
  async remove(path: DestinationPath, actor: Actor, preconditions: Preconditions): Promise<void> {
    assertMayActFor(actor, path.merchantGatewayId);
    await this.changes.remove(this.subjectOf(path), actor, preconditions, async (manager) => {
      const found = await find(manager, path);
      const nowMs = this.clock.nowMs();
      await manager.update(
        Destination,
        { id: found?.id },
        { disabledAtMs: found?.disabledAtMs ?? nowMs, deletedAtMs: nowMs },
      );
    });
    await this.writer.cancelPending(path, true);
  }

  private subjectOf(path: DestinationPath): Subject<DestinationItem> {
    return {
      kind: 'destination',
      merchantGatewayId: path.merchantGatewayId,
      target: `${merchantTarget(path)}/destinations/${path.destination}`,
      read: async (manager) => {
        const found = await find(manager, path);
        return found && !found.deletedAtMs ? this.writer.itemOf(found) : undefined;
      },
    };
  }
}

async function find(manager: EntityManager, { merchantGatewayId, merchantId, destination: name }: DestinationPath) {
  return manager.findOneBy(Destination, { merchantGatewayId, merchantId, name });
}
