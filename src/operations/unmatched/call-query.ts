import { MERCHANT_GATEWAY_ID, MERCHANT_ID, TOKEN_ID } from '@gateway/d1-contract';
import type { Caller } from '../../auth/access-tokens/caller.js';
import { olderThan, PageQuery } from '../http/page-query.js';
import { IsOptionalIdentifier, IsOptionalInstant, msOf } from '../http/request-fields.js';
import { visibleGateways } from '../repository/visible-gateways.js';
import type { CallFilter } from './call-search.repository.js';

export class CallQuery extends PageQuery {
  @IsOptionalIdentifier(MERCHANT_GATEWAY_ID)
  merchantGatewayId?: string;

  @IsOptionalIdentifier(MERCHANT_ID)
  merchantId?: string;

  @IsOptionalIdentifier(TOKEN_ID)
  tokenId?: string;

  @IsOptionalInstant('Arrived then or later.')
  receivedFrom?: string;

  @IsOptionalInstant('Arrived before.')
  receivedTo?: string;
}

export function callFilter(query: CallQuery, caller: Caller): CallFilter {
  const { merchantGatewayId, merchantId, tokenId, receivedFrom, receivedTo } = query;
  return {
    merchantGateways: visibleGateways(caller, merchantGatewayId),
    merchantId,
    tokenId,
    receivedFromMs: msOf(receivedFrom),
    receivedToMs: msOf(receivedTo),
    olderThan: olderThan(query),
  };
}
