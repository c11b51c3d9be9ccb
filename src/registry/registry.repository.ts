import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { In, Repository, type EntityManager } from 'typeorm';
import type { GatewayAuthentication } from '../auth/gateway-authentications.js';
import { Clock } from '../clock/clock.js';
import { MerchantGateway } from './entities/merchant-gateway.entity.js';
import { Merchant } from './entities/merchant.entity.js';
import { POSTGRES_PUT_TOKENS, SQLITE_PUT_TOKENS } from './token-statements.js';

/** Of one statement: enough to be fast. */
const IDS_PER_INSERT = 1000;

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

  /** @param authentication null: what is asked for as a rule; undefined: as it was */
  async putMerchantGateway(
    manager: EntityManager,
    id: string,
    name: string,
    authentication?: GatewayAuthentication | null,
  ): Promise<void> {
    await manager.upsert(MerchantGateway, { id, name, ...(authentication !== undefined && { authentication }) }, [
      'id',
    ]);
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
    const isPostgres = manager.connection.options.type === 'postgres';
    for (let from = 0; from < ids.length; from += IDS_PER_INSERT) {
      const part = ids.slice(from, from + IDS_PER_INSERT);
      await (isPostgres
        ? manager.query(POSTGRES_PUT_TOKENS, [merchantGatewayId, merchantId, part, registeredAtMs])
        : manager.query(SQLITE_PUT_TOKENS, [merchantGatewayId, merchantId, JSON.stringify(part), registeredAtMs]));
    }
  }
}
