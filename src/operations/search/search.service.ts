import { Injectable } from '@nestjs/common';
import type { Caller } from '../../auth/access-tokens/caller.js';
import { UUID_PATTERN } from '../http/identifiers.js';
import { pageOf } from '../http/page.js';
import { NotFound } from '../operation-errors.js';
import { DeliverySearchRepository } from '../repository/delivery-search.repository.js';
import { NotificationSearchRepository } from '../repository/notification-search.repository.js';
import { visibleGateways } from '../repository/visible-gateways.js';
import { attemptItem, deliveryItem, type DeliveryDetail, type DeliveryPage } from './delivery-item.js';
import { deliveryFilter, type DeliveryQuery } from './delivery-query.js';
import { notificationItem, type NotificationPage } from './notification-item.js';
import { notificationFilter, type NotificationQuery } from './notification-query.js';

/** What operators look for. */
@Injectable()
export class SearchService {
  constructor(
    private readonly notifications: NotificationSearchRepository,
    private readonly deliveries: DeliverySearchRepository,
  ) {}

  async findNotifications(query: NotificationQuery, caller: Caller): Promise<NotificationPage> {
    const rows = await this.notifications.find(notificationFilter(query, caller), query.limit + 1);
    return pageOf(rows.map(notificationItem), query.limit);
  }

  async findDeliveries(query: DeliveryQuery, caller: Caller): Promise<DeliveryPage> {
    const rows = await this.deliveries.find(deliveryFilter(query, caller), query.limit + 1);
    return pageOf(rows.map(deliveryItem), query.limit);
  }

  /** @throws NotFound where the caller has no such delivery */
  async getDelivery(id: string, caller: Caller): Promise<DeliveryDetail> {
    const visible = visibleGateways(caller);
    const row = UUID_PATTERN.test(id) ? await this.deliveries.findOne(visible, id) : undefined;
    if (!row) throw new NotFound('delivery');
    const attempts = await this.deliveries.attemptsOf(visible, id);
    return { ...deliveryItem(row), attemptHistory: attempts.map(attemptItem) };
  }
}
