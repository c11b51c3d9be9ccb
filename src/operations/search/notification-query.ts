import { CORRELATION_ID, MERCHANT_GATEWAY_ID, MERCHANT_ID, TOKEN_ID } from '@gateway/d1-contract';
import type { Caller } from '../../auth/access-tokens/caller.js';
import { olderThan, PageQuery } from '../http/page-query.js';
import { IsOptionalIdentifier, IsOptionalInstant, msOf } from '../http/request-fields.js';
import type { NotificationFilter } from '../repository/notification-search.repository.js';
import { visibleGateways } from '../repository/visible-gateways.js';

export class NotificationQuery extends PageQuery {
  @IsOptionalIdentifier(MERCHANT_GATEWAY_ID)
  merchantGatewayId?: string;

  @IsOptionalIdentifier(MERCHANT_ID)
  merchantId?: string;

  @IsOptionalIdentifier(TOKEN_ID)
  tokenId?: string;

  @IsOptionalIdentifier(CORRELATION_ID)
  correlationId?: string;

  @IsOptionalInstant('Arrived then or later.')
  receivedFrom?: string;

  @IsOptionalInstant('Arrived before.')
  receivedTo?: string;
}

export function notificationFilter(query: NotificationQuery, caller: Caller): NotificationFilter {
  const { merchantGatewayId, merchantId, tokenId, correlationId, receivedFrom, receivedTo } = query;
  return {
    merchantGateways: visibleGateways(caller, merchantGatewayId),
    merchantId,
    tokenId,
    correlationId,
    receivedFromMs: msOf(receivedFrom),
    receivedToMs: msOf(receivedTo),
    olderThan: olderThan(query),
  };
}
