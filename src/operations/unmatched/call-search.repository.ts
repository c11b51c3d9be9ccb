import { Injectable } from '@nestjs/common';
import { conditionsOf, type Conditions } from '../repository/conditions.js';
import { idsBetween } from '../repository/id-range.js';
import { Statements } from '../repository/statements.js';

export interface CallFilter {
  readonly merchantGateways: readonly string[];
  readonly id?: string;
  readonly merchantId?: string;
  readonly tokenId?: string;
  readonly receivedFromMs?: number;
  /** Not included. */
  readonly receivedToMs?: number;
  readonly olderThan?: string;
}

interface CallRow {
  readonly id: string;
  readonly merchantGatewayId: string;
  readonly merchantId: string;
  readonly tokenId: string;
  readonly correlationId: string;
  readonly clientId: string | null;
  readonly receivedAtMs: number | string;
}

export interface UnmatchedRow extends CallRow {
  readonly reason: string;
}

export interface FailedRow extends CallRow {
  readonly cause: string;
  readonly replayedAtMs: number | string | null;
}

const CONDITIONS: Conditions<CallFilter> = {
  id: 'c.id = :id',
  merchantId: 'c.merchant_id = :merchantId',
  tokenId: 'c.token_id = :tokenId',
  receivedFromMs: 'c.id >= :fromId',
  receivedToMs: 'c.id < :beforeId',
  olderThan: 'c.id < :olderThan',
};

const COLUMNS = `
  c.id as "id", c.merchant_gateway_id as "merchantGatewayId", c.merchant_id as "merchantId", c.token_id as "tokenId",
  c.correlation_id as "correlationId", c.client_id as "clientId", c.received_at_ms as "receivedAtMs"`;

/** Calls that became no notification. */
@Injectable()
export class CallSearchRepository {
  constructor(private readonly statements: Statements) {}

  /** Those that are unmatched still, newest first. */
  findUnmatched(filter: CallFilter, limit: number): Promise<UnmatchedRow[]> {
    return this.statements.read(
      `select ${COLUMNS}, c.reason as "reason" from unmatched_notifications c
       where c.notification_id is null and c.merchant_gateway_id || '' in (:...merchantGateways)
         ${conditionsOf(CONDITIONS, filter)}
       order by c.id desc limit :limit`,
      { ...filter, ...idsBetween(filter.receivedFromMs, filter.receivedToMs), limit },
    );
  }

  /** Newest first. */
  findFailed(filter: CallFilter, limit: number): Promise<FailedRow[]> {
    return this.statements.read(
      `select ${COLUMNS}, c.cause as "cause", c.replayed_at_ms as "replayedAtMs" from failed_notifications c
       where c.merchant_gateway_id in (:...merchantGateways) ${conditionsOf(CONDITIONS, filter)}
       order by c.id desc limit :limit`,
      { ...filter, ...idsBetween(filter.receivedFromMs, filter.receivedToMs), limit },
    );
  }
}
