import { Injectable } from '@nestjs/common';
import { Statements } from '../repository/statements.js';

export interface VisibleDestination {
  readonly id: string;
  readonly merchantGatewayId: string;
  readonly merchantId: string;
  readonly merchantName: string;
  readonly deletedAtMs: number | string | null;
}

@Injectable()
export class VisibleDestinationsRepository {
  constructor(private readonly statements: Statements) {}

  /** All, and deleted ones, too: what they were given counts. In the order of merchant gateway and merchant. */
  find(merchantGateways: readonly string[]): Promise<VisibleDestination[]> {
    return this.statements.read(
      `select t.id as "id", t.merchant_gateway_id as "merchantGatewayId", t.merchant_id as "merchantId",
              m.name as "merchantName", t.deleted_at_ms as "deletedAtMs"
       from destinations t
       join merchants m on m.merchant_gateway_id = t.merchant_gateway_id and m.id = t.merchant_id
       where t.merchant_gateway_id in (:...merchantGateways)
       order by t.merchant_gateway_id, t.merchant_id`,
      { merchantGateways },
    );
  }
}
