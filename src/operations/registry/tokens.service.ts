import { Injectable } from '@nestjs/common';
import { DataSource, MoreThan } from 'typeorm';
import type { Caller } from '../../auth/access-tokens/caller.js';
import { Token } from '../../registry/entities/token.entity.js';
import { RegistryRepository } from '../../registry/registry.repository.js';
import { assertMayActFor, type Actor } from '../audit/actor.js';
import type { Preconditions } from '../http/preconditions.js';
import { Resource } from '../http/resource.js';
import { decodeTextCursor } from '../http/text-cursor.js';
import { NotFound } from '../operation-errors.js';
import { isoTime } from '../search/iso-time.js';
import { assertMerchant, type MerchantPath } from './merchants.service.js';
import { namePageOf, type NamePageQuery } from './name-page.js';
import type { TokenItem, TokenPage } from './registry-bodies.js';
import { RegistryChanges, type Subject } from './registry-changes.js';
import { merchantTarget, type RegistryPath } from './registry-path.js';

type TokenPath = Pick<RegistryPath, 'merchantGatewayId' | 'merchantId' | 'tokenId'>;

@Injectable()
export class TokensService {
  constructor(
    private readonly changes: RegistryChanges,
    private readonly registry: RegistryRepository,
    private readonly dataSource: DataSource,
  ) {}

  /** @throws NotFound where there is no such merchant */
  async list(path: MerchantPath, { limit, cursor }: NamePageQuery, caller: Caller): Promise<TokenPage> {
    assertMayActFor(caller, path.merchantGatewayId);
    const { manager } = this.dataSource;
    await assertMerchant(manager, path);
    const { merchantGatewayId, merchantId } = path;
    const where = { merchantGatewayId, merchantId, id: MoreThan(decodeTextCursor(cursor)) };
    const found = await manager.find(Token, { where, order: { id: 'ASC' }, take: limit + 1 });
    return namePageOf(found.map(itemOf), limit, ({ id }) => id);
  }

  /** @throws NotFound */
  async get(path: TokenPath, caller: Caller): Promise<Resource<TokenItem>> {
    assertMayActFor(caller, path.merchantGatewayId);
    const found = await subjectOf(path).read(this.dataSource.manager);
    if (!found) throw new NotFound('token');
    return new Resource(found);
  }

  /** What has been recorded for it as unmatched goes out. */
  async put(path: TokenPath, actor: Actor, preconditions: Preconditions): Promise<Resource<TokenItem>> {
    const { merchantGatewayId, merchantId, tokenId } = path;
    assertMayActFor(actor, merchantGatewayId);
    return this.changes.put(subjectOf(path), actor, preconditions, async (manager) => {
      await assertMerchant(manager, path);
      await this.registry.putTokens(manager, merchantGatewayId, merchantId, [tokenId]);
    });
  }

  async remove(path: TokenPath, actor: Actor, preconditions: Preconditions): Promise<void> {
    const { merchantGatewayId, merchantId, tokenId: id } = path;
    assertMayActFor(actor, merchantGatewayId);
    await this.changes.remove(subjectOf(path), actor, preconditions, async (manager) => {
      await manager.delete(Token, { merchantGatewayId, merchantId, id });
    });
  }
}

function itemOf({ id, registeredAtMs }: Token): TokenItem {
  return { id, registeredAt: isoTime(registeredAtMs) };
}

function subjectOf(path: TokenPath): Subject<TokenItem> {
  const { merchantGatewayId, merchantId, tokenId: id } = path;
  return {
    kind: 'token',
    merchantGatewayId,
    target: `${merchantTarget(path)}/tokens/${id}`,
    read: async (manager) => {
      const found = await manager.findOneBy(Token, { merchantGatewayId, merchantId, id });
      return found ? itemOf(found) : undefined;
    },
  };
}
