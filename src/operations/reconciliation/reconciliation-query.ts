import { MERCHANT_GATEWAY_ID, MERCHANT_ID } from '@gateway/d1-contract';
import { IsIdentifier, IsOptionalIdentifier } from '../http/request-fields.js';

export class ReconciliationQuery {
  @IsIdentifier(MERCHANT_GATEWAY_ID)
  merchantGatewayId!: string;

  @IsOptionalIdentifier(MERCHANT_ID)
  merchantId?: string;
}
