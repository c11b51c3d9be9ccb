import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { Repository } from 'typeorm';
import { Remembered } from '../../memory/remembered.js';
import { Merchant } from '../../registry/entities/merchant.entity.js';
import { RegistrationEvents } from '../../registry/registration-events.js';

/** Within this a change made by another instance takes effect. */
const REMEMBERED_MS = 5000;
const ALL = 'all';

/** Which merchants are on relay; remembered, since every notification asks. */
@Injectable()
export class RelayedMerchants {
  private readonly relayed: Remembered<ReadonlySet<string>>;

  constructor(
    @InjectRepository(Merchant) private readonly merchants: Repository<Merchant>,
    registrations: RegistrationEvents,
  ) {
    this.relayed = new Remembered({ max: 1, ttlMs: REMEMBERED_MS }, () => this.load());
    registrations.on('registered', () => this.relayed.forgetAll());
  }

  /** At once where they are remembered, which is nearly always. */
  has(merchantGatewayId: string, merchantId: string): boolean | Promise<boolean> {
    const merchant = key(merchantGatewayId, merchantId);
    const relayed = this.relayed.get(ALL);
    if (relayed) return relayed.has(merchant);
    return this.relayed.fetch(ALL).then((loaded) => loaded?.has(merchant) ?? false);
  }

  private async load(): Promise<ReadonlySet<string>> {
    const merchants = await this.merchants.findBy({ deliveryMode: 'relay' });
    return new Set(merchants.map(({ merchantGatewayId, id }) => key(merchantGatewayId, id)));
  }
}

function key(merchantGatewayId: string, merchantId: string): string {
  return `${merchantGatewayId}/${merchantId}`;
}
