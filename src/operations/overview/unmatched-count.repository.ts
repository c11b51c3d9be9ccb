import { Injectable } from '@nestjs/common';
import { Statements } from '../repository/statements.js';

const MOST = 10_000;
const NEWEST = 10;

export interface UnmatchedRow {
  readonly receivedAtMs: number | string;
  readonly merchantGatewayId: string;
  readonly merchantId: string;
  readonly tokenId: string;
  readonly reason: string;
}

/** What D1 sent for merchants and tokens that are not registered, as long as they are not. */
@Injectable()
export class UnmatchedCountRepository {
  constructor(private readonly statements: Statements) {}

  async count(merchantGateways: readonly string[]): Promise<number> {
    const [row] = await this.statements.read<{ count: number | string }>(
      `select count(*) as "count" from (
         select 1 from unmatched_notifications
         where merchant_gateway_id in (:...merchantGateways) and notification_id is null limit ${MOST}) counted`,
      { merchantGateways },
    );
    return Number(row?.count ?? 0);
  }

  /** The expression keeps it to the order of ids: the index that begins with the gateway would have all of it sorted. */
  newest(merchantGateways: readonly string[]): Promise<UnmatchedRow[]> {
    return this.statements.read(
      `select received_at_ms as "receivedAtMs", merchant_gateway_id as "merchantGatewayId", merchant_id as "merchantId",
              token_id as "tokenId", reason as "reason"
       from unmatched_notifications
       where notification_id is null and merchant_gateway_id || '' in (:...merchantGateways)
       order by id desc limit ${NEWEST}`,
      { merchantGateways },
    );
  }
}
