import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { In, Repository, type EntityManager } from 'typeorm';
import { Clock } from '../clock/clock.js';
import { MerchantGateway } from './entities/merchant-gateway.entity.js';
import { Merchant } from './entities/merchant.entity.js';
import { Token } from './entities/token.entity.js';

/** Rows of one insert: far below the 32,766 parameters SQLite takes, and enough to be fast. */
const ROWS_PER_INSERT = 1000;

@Injectable()
export class RegistryRepository {
  constructor(
    @InjectRepository(MerchantGateway) private readonly merchantGateways: Repository<MerchantGateway>,
    private readonly clock: Clock,
  ) {}

  async isEmpty(): Promise<boolean> {
    return !(await this.merchantGateways.exists());
  }

  async missingMerchantGateways(manager: EntityManager, ids: readonly string[]): Promise<string[]> {
    const found = await manager.findBy(MerchantGateway, { id: In([...ids]) });
    const known = new Set(found.map(({ id }) => id));
    return ids.filter((id) => !known.has(id));
  }

  async putMerchantGateway(manager: EntityManager, id: string, name: string): Promise<void> {
    await manager.upsert(MerchantGateway, { id, name }, ['id']);
  }

  async putMerchant(
    manager: EntityManager,
    merchant: Pick<Merchant, 'merchantGatewayId' | 'id' | 'name' | 'deliveryMode'>,
  ): Promise<void> {
    await manager.upsert(Merchant, merchant, ['merchantGatewayId', 'id']);
  }

  /** Registers tokens; those that are registered already stay as they are. */
  async putTokens(
    manager: EntityManager,
    merchantGatewayId: string,
    merchantId: string,
    ids: readonly string[],
  ): Promise<void> {
    const registeredAtMs = this.clock.nowMs();
    for (let from = 0; from < ids.length; from += ROWS_PER_INSERT) {
      const rows = ids
        .slice(from, from + ROWS_PER_INSERT)
        .map((id) => ({ merchantGatewayId, merchantId, id, lastSequence: 0, registeredAtMs }));
      await manager.createQueryBuilder().insert().into(Token).values(rows).orIgnore().updateEntity(false).execute();
    }
  }
}
