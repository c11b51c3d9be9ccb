import { Injectable } from '@nestjs/common';
import type { DeliveryState } from '../../tokens/entities/delivery.entity.js';
import { LAST_ID, type IdRange } from './id-range.js';
import { Statements } from './statements.js';

/** What is reconciled: a merchant gateway, or one merchant of it. */
export interface ReconciliationScope {
  readonly merchantGatewayId: string;
  readonly merchantId?: string;
}

export interface MerchantCount {
  readonly merchantId: string;
  readonly count: number | string;
}

export interface StateCount extends MerchantCount {
  readonly state: DeliveryState;
}

/** A notification of which `count` destinations have no delivery. */
export interface Undelivered extends MerchantCount {
  readonly notificationId: string;
}

export interface Orphan {
  readonly merchantId: string;
  readonly deliveryId: string;
}

/**
 * The longest a call takes from its arrival to its commit: SQLite waits 5 s for its lock, PostgreSQL 15 s at most for a statement.
 * A destination that is disabled meanwhile gets no delivery.
 */
const COMMIT_MS = 20_000;

const MERCHANT_IS = 'n.merchant_gateway_id = :merchantGatewayId and n.merchant_id = :merchantId';

/** When a notification was accepted: where it was unmatched first, that was when it was matched. */
const ACCEPTED_AT = 'coalesce(u.matched_at_ms, n.received_at_ms)';

/**
 * Reads range by range of ids, so that no statement takes long, however much there is. A notification and its deliveries
 * are committed together, so every range is consistent in itself.
 */
@Injectable()
export class ReconciliationRepository {
  constructor(private readonly statements: Statements) {}

  async merchantsOf(scope: ReconciliationScope): Promise<string[]> {
    const merchants = await this.statements.read<{ id: string }>(
      `select id from merchants where merchant_gateway_id = :merchantGatewayId ${merchantIs('id', scope)} order by id`,
      scope,
    );
    return merchants.map(({ id }) => id);
  }

  /** The next range of notifications; of all gateways where no merchant is named, for ids are in order only then. */
  nextNotifications(scope: ReconciliationScope, after: string, length: number): Promise<IdRange> {
    const ofMerchant = scope.merchantId === undefined ? '' : `and ${MERCHANT_IS}`;
    return this.nextRange(`select n.id as "id" from notifications n where n.id > :after ${ofMerchant}`, {
      ...scope,
      after,
      offset: length - 1,
    });
  }

  nextDeliveries(after: string, length: number): Promise<IdRange> {
    return this.nextRange(`select n.id as "id" from deliveries n where n.id > :after`, { after, offset: length - 1 });
  }

  countNotifications(scope: ReconciliationScope, range: IdRange): Promise<MerchantCount[]> {
    return this.statements.read(
      `select n.merchant_id as "merchantId", count(*) as "count"
       from notifications n
       where ${notificationOf(scope)} and n.id > :after and n.id <= :upTo
       group by n.merchant_id`,
      { ...scope, ...range },
    );
  }

  countDeliveries(scope: ReconciliationScope, range: IdRange): Promise<StateCount[]> {
    return this.statements.read(
      `select n.merchant_id as "merchantId", d.state as "state", count(*) as "count"
       from notifications n
       join deliveries d on d.notification_id = n.id
       where ${notificationOf(scope)} and n.id > :after and n.id <= :upTo
       group by n.merchant_id, d.state`,
      { ...scope, ...range },
    );
  }

  /** Notifications without a delivery for a destination that was there, and enabled, when they were accepted. */
  findUndelivered(scope: ReconciliationScope, range: IdRange): Promise<Undelivered[]> {
    return this.statements.read(
      `select n.merchant_id as "merchantId", n.id as "notificationId", count(*) as "count"
       from notifications n
       left join unmatched_notifications u on u.id = n.id
       join destinations t on t.merchant_gateway_id = n.merchant_gateway_id and t.merchant_id = n.merchant_id
       where ${notificationOf(scope)} and n.id > :after and n.id <= :upTo
         and t.created_at_ms <= ${ACCEPTED_AT}
         and (t.disabled_at_ms is null or t.disabled_at_ms > ${ACCEPTED_AT} + ${COMMIT_MS})
         and not exists (
           select 1 from destination_disabled_periods p
           where p.destination_id = t.id and p.from_ms <= ${ACCEPTED_AT} + ${COMMIT_MS} and p.until_ms > ${ACCEPTED_AT})
         and not exists (select 1 from deliveries d where d.notification_id = n.id and d.destination_id = t.id)
       group by n.merchant_id, n.id
       order by n.id`,
      { ...scope, ...range },
    );
  }

  /** Deliveries whose notification is missing. */
  findOrphans(scope: ReconciliationScope, range: IdRange): Promise<Orphan[]> {
    return this.statements.read(
      `select t.merchant_id as "merchantId", d.id as "deliveryId"
       from deliveries d
       join destinations t on t.id = d.destination_id
       left join notifications n on n.id = d.notification_id
       where t.merchant_gateway_id = :merchantGatewayId ${merchantIs('t.merchant_id', scope)}
         and d.id > :after and d.id <= :upTo and n.id is null
       order by d.id`,
      { ...scope, ...range },
    );
  }

  private async nextRange(
    ids: string,
    parameters: { readonly after: string; readonly offset: number },
  ): Promise<IdRange> {
    const [last] = await this.statements.read<{ id: string }>(
      `${ids} order by n.id limit 1 offset :offset`,
      parameters,
    );
    return { after: parameters.after, upTo: last?.id ?? LAST_ID };
  }
}

function merchantIs(column: string, { merchantId }: ReconciliationScope): string {
  return merchantId === undefined ? '' : `and ${column} = :merchantId`;
}

/**
 * The expression is nothing to an index, so that without a merchant the range of ids is what is looked up. And PostgreSQL
 * expects few rows of it: it looks up the deliveries of each instead of reading all there are, range after range.
 */
function notificationOf({ merchantId }: ReconciliationScope): string {
  const ofGateway = `n.merchant_gateway_id || '' = :merchantGatewayId`;
  return merchantId === undefined ? ofGateway : `${ofGateway} and ${MERCHANT_IS}`;
}
