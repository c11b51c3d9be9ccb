import { CORRELATION_ID, MERCHANT_GATEWAY_ID, MERCHANT_ID, TOKEN_ID } from '@gateway/d1-contract';
import type { Caller } from '../../auth/access-tokens/caller.js';
import { DELIVERY_STATES, type DeliveryState } from '../../tokens/entities/delivery.entity.js';
import { DESTINATION_NAME, NOTIFICATION_ID } from '../http/identifiers.js';
import { olderThan, PageQuery } from '../http/page-query.js';
import { IsOptionalIdentifier, IsOptionalInstant, IsOptionalOneOf, msOf } from '../http/request-fields.js';
import type { DeliveryFilter } from '../repository/delivery-search.repository.js';
import { visibleGateways } from '../repository/visible-gateways.js';

export class DeliveryQuery extends PageQuery {
  @IsOptionalIdentifier(MERCHANT_GATEWAY_ID)
  merchantGatewayId?: string;

  @IsOptionalIdentifier(MERCHANT_ID)
  merchantId?: string;

  @IsOptionalIdentifier(DESTINATION_NAME)
  destination?: string;

  @IsOptionalIdentifier(TOKEN_ID)
  tokenId?: string;

  @IsOptionalIdentifier(CORRELATION_ID)
  correlationId?: string;

  @IsOptionalIdentifier(NOTIFICATION_ID)
  notificationId?: string;

  @IsOptionalOneOf(DELIVERY_STATES, 'How far it has come.')
  state?: DeliveryState;

  @IsOptionalInstant('Made then or later.')
  createdFrom?: string;

  @IsOptionalInstant('Made before.')
  createdTo?: string;
}

export function deliveryFilter(query: DeliveryQuery, caller: Caller): DeliveryFilter {
  const { merchantGatewayId, merchantId, destination, tokenId, correlationId, notificationId, state } = query;
  return {
    merchantGateways: visibleGateways(caller, merchantGatewayId),
    merchantId,
    destination,
    tokenId,
    correlationId,
    notificationId,
    state,
    createdFromMs: msOf(query.createdFrom),
    createdToMs: msOf(query.createdTo),
    olderThan: olderThan(query),
  };
}
