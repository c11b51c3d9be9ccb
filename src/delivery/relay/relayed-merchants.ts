import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { LRUCache } from 'lru-cache';
import { Repository } from 'typeorm';
import { Merchant } from '../../registry/entities/merchant.entity.js';
import { RegistrationEvents } from '../../registry/registration-events.js';

/** Within this a change made by another instance takes effect. */
const REMEMBERED_MS = 5000;
const ALL = 'all';

/** Which merchants are on relay; remembered, since every notification asks. */
@Injectable()
export class RelayedMerchants {
  private readonly relayed: LRUCache<string, ReadonlySet<string>>;

  constructor(
    @InjectRepository(Merchant) private readonly merchants: Repository<Merchant>,
    registrations: RegistrationEvents,
  ) {
    this.relayed = new LRUCache({ max: 1, ttl: REMEMBERED_MS, fetchMethod: () => this.load() });
    registrations.on('registered', () => this.relayed.clear());
  }

  async has(merchantGatewayId: string, merchantId: string): Promise<boolean> {
    const relayed = this.relayed.get(ALL) ?? (await this.relayed.fetch(ALL));
    return relayed?.has(key(merchantGatewayId, merchantId)) ?? false;
  }

  private async load(): Promise<ReadonlySet<string>> {
    const merchants = await this.merchants.findBy({ deliveryMode: 'relay' });
    return new Set(merchants.map(({ merchantGatewayId, id }) => key(merchantGatewayId, id)));
  }
}

function key(merchantGatewayId: string, merchantId: string): string {
  return `${merchantGatewayId}/${merchantId}`;
}
