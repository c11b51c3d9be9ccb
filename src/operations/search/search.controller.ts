import { Controller, Get, Param, UseFilters, UseGuards } from '@nestjs/common';
import { ApiParam } from '@nestjs/swagger';
import { CurrentCaller, type Caller } from '../../auth/access-tokens/caller.js';
import { OperatorGuard } from '../../auth/operator.guard.js';
import { ApiOperatorRoute } from '../http/api-operator-route.decorator.js';
import { CheckedQuery } from '../http/checked.js';
import { NoQueryGuard } from '../http/no-query.guard.js';
import { pathId } from '../http/path-id.js';
import { ProblemFilter } from '../problem.filter.js';
import { DeliveryDetail, DeliveryPage } from './delivery-item.js';
import { DeliveryQuery } from './delivery-query.js';
import { NotificationPage } from './notification-item.js';
import { NotificationQuery } from './notification-query.js';
import { SearchService } from './search.service.js';

const REFUSED_LIST = { 400: 'limit must be a whole number from 1 to 500' };

/** Operators look for notifications and deliveries. */
@Controller('operations')
@UseGuards(OperatorGuard)
@UseFilters(ProblemFilter)
export class SearchController {
  constructor(private readonly search: SearchService) {}

  @Get('notifications')
  @ApiOperatorRoute({
    operationId: 'listNotifications',
    summary: 'Accepted notifications',
    description: 'Those of the caller’s merchant gateways that match all filters, newest first, page by page.',
    reads: true,
    type: NotificationPage,
    answer: 'A page of them.',
    refusals: REFUSED_LIST,
  })
  findNotifications(
    @CheckedQuery(NotificationQuery) query: NotificationQuery,
    @CurrentCaller() caller: Caller,
  ): Promise<NotificationPage> {
    return this.search.findNotifications(query, caller);
  }

  @Get('deliveries')
  @ApiOperatorRoute({
    operationId: 'listDeliveries',
    summary: 'Deliveries',
    description: 'Those of the caller’s merchant gateways that match all filters, newest first, page by page.',
    reads: true,
    type: DeliveryPage,
    answer: 'A page of them.',
    refusals: REFUSED_LIST,
  })
  findDeliveries(
    @CheckedQuery(DeliveryQuery) query: DeliveryQuery,
    @CurrentCaller() caller: Caller,
  ): Promise<DeliveryPage> {
    return this.search.findDeliveries(query, caller);
  }

  @Get('deliveries/:id')
  @UseGuards(NoQueryGuard)
  @ApiParam(pathId)
  @ApiOperatorRoute({
    operationId: 'getDelivery',
    summary: 'A delivery and its attempts',
    description: 'How far one notification has come for one destination, try by try.',
    reads: true,
    type: DeliveryDetail,
    answer: 'The delivery.',
    refusals: { 400: 'verbose is not known', 404: 'There is no such delivery' },
  })
  getDelivery(@Param('id') id: string, @CurrentCaller() caller: Caller): Promise<DeliveryDetail> {
    return this.search.getDelivery(id, caller);
  }
}
