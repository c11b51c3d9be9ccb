import { Injectable } from '@nestjs/common';
import { conditionsOf, type Conditions } from './conditions.js';
import { idsBetween } from './id-range.js';
import { indexedConditions } from './notification-index.js';
import { Statements } from './statements.js';

export interface NotificationFilter {
  readonly merchantGateways: readonly string[];
  readonly merchantId?: string;
  readonly tokenId?: string;
  readonly correlationId?: string;
  readonly receivedFromMs?: number;
  /** Not included. */
  readonly receivedToMs?: number;
  readonly olderThan?: string;
}

export interface NotificationRow {
  readonly id: string;
  readonly merchantGatewayId: string;
  readonly merchantId: string;
  readonly tokenId: string;
  readonly sequence: number | string;
  readonly correlationId: string;
  readonly clientId: string | null;
  readonly receivedAtMs: number | string;
}

const conditions = (onSqlite: boolean): Conditions<NotificationFilter> => ({
  ...indexedConditions('n.id', onSqlite),
  merchantId: 'n.merchant_id = :merchantId',
  receivedFromMs: 'n.id >= :fromId',
  receivedToMs: 'n.id < :beforeId',
  olderThan: 'n.id < :olderThan',
});

@Injectable()
export class NotificationSearchRepository {
  constructor(private readonly statements: Statements) {}

  /** Newest first. */
  find(filter: NotificationFilter, limit: number): Promise<NotificationRow[]> {
    return this.statements.read(
      `select n.id as "id", n.merchant_gateway_id as "merchantGatewayId", n.merchant_id as "merchantId",
              n.token_id as "tokenId", n.sequence as "sequence", n.correlation_id as "correlationId",
              n.client_id as "clientId", n.received_at_ms as "receivedAtMs"
       from notifications n
       where ${gatewayColumn(filter)} in (:...merchantGateways) ${conditionsOf(conditions(this.statements.onSqlite), filter)}
       order by n.id desc limit :limit`,
      { ...filter, ...idsBetween(filter.receivedFromMs, filter.receivedToMs), limit },
    );
  }
}

/**
 * Without a merchant the index that begins with the merchant gateway is of no use, and yet would be taken: everything of
 * the gateway would be read and sorted for a page of it. An expression keeps it out.
 */
function gatewayColumn({ merchantId }: NotificationFilter): string {
  return merchantId === undefined ? `n.merchant_gateway_id || ''` : 'n.merchant_gateway_id';
}
