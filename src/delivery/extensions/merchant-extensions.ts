import type { EventMapper, ForMerchants, MerchantRef, NotificationFilter } from '@gateway/merchant-kit';
import { Injectable } from '@nestjs/common';

interface Owned<T> {
  readonly team: string;
  readonly extension: T;
}

/** What teams have put between the gateway and their merchants: filters and mappers, by merchant. */
@Injectable()
export class MerchantExtensions {
  private readonly mappers = new Map<string, Owned<EventMapper>>();
  private readonly filters = new Map<string, Owned<NotificationFilter>>();

  /** @throws Error where another team has the merchant */
  addMapper(team: string, mapper: EventMapper): void {
    add(this.mappers, 'map the events of', team, mapper);
  }

  /** @throws Error where another team has the merchant */
  addFilter(team: string, filter: NotificationFilter): void {
    add(this.filters, 'filter the events of', team, filter);
  }

  /** Whether any team has put anything there. */
  isFor(merchant: MerchantRef): boolean {
    return this.mapperOf(merchant) !== undefined || this.filterOf(merchant) !== undefined;
  }

  mapperOf(merchant: MerchantRef): Owned<EventMapper> | undefined {
    return this.mappers.size === 0 ? undefined : this.mappers.get(keyOf(merchant));
  }

  filterOf(merchant: MerchantRef): Owned<NotificationFilter> | undefined {
    return this.filters.size === 0 ? undefined : this.filters.get(keyOf(merchant));
  }
}

function add<T extends ForMerchants>(known: Map<string, Owned<T>>, does: string, team: string, extension: T): void {
  for (const merchant of extension.merchants) {
    const key = keyOf(merchant);
    const other = known.get(key);
    if (other) throw new Error(`Teams ${other.team} and ${team} both ${does} ${key}`);
    known.set(key, { team, extension });
  }
}

function keyOf({ merchantGatewayId, merchantId }: MerchantRef): string {
  return `${merchantGatewayId}/${merchantId}`;
}
