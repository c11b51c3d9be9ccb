import { Injectable } from '@nestjs/common';
import { conditionsOf, type Conditions } from './conditions.js';
import { idsBetween } from './id-range.js';
import { NotificationIndex } from './notification-index.js';
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

const CONDITIONS: Conditions<NotificationFilter> = {
  merchantId: 'n.merchant_id = :merchantId',
  receivedFromMs: 'n.id >= :fromId',
  receivedToMs: 'n.id < :beforeId',
  olderThan: 'n.id < :olderThan',
};

@Injectable()
export class NotificationSearchRepository {
  constructor(
    private readonly statements: Statements,
    private readonly index: NotificationIndex,
  ) {}

  /** Newest first. */
  find(filter: NotificationFilter, limit: number): Promise<NotificationRow[]> {
    const { receivedFromMs, receivedToMs } = filter;
    return this.index.search(filter, { fromMs: receivedFromMs, toMs: receivedToMs }, ({ prelude, among }) =>
      this.statements.read(
        `${prelude} select n.id as "id", n.merchant_gateway_id as "merchantGatewayId", n.merchant_id as "merchantId",
              n.token_id as "tokenId", n.sequence as "sequence", n.correlation_id as "correlationId",
              n.client_id as "clientId", n.received_at_ms as "receivedAtMs"
       from notifications n
       where ${gatewayColumn(filter)} in (:...merchantGateways) ${among('n.id')}
             ${conditionsOf(CONDITIONS, filter)}
       order by n.id desc limit :limit`,
        { ...filter, ...idsBetween(receivedFromMs, receivedToMs), limit },
      ),
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
