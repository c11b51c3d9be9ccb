import { Injectable } from '@nestjs/common';
import type { DestinationKind } from '../../registry/entities/destination.entity.js';
import type { DeliveryState } from '../../tokens/entities/delivery.entity.js';
import { conditionsOf, type Conditions } from './conditions.js';
import { idsBetween } from './id-range.js';
import { NotificationIndex } from './notification-index.js';
import { Statements } from './statements.js';

export interface DeliveryFilter {
  readonly merchantGateways: readonly string[];
  readonly id?: string;
  readonly merchantId?: string;
  readonly destination?: string;
  readonly tokenId?: string;
  readonly correlationId?: string;
  readonly notificationId?: string;
  readonly state?: DeliveryState;
  readonly createdFromMs?: number;
  /** Not included. */
  readonly createdToMs?: number;
  readonly olderThan?: string;
}

export interface DeliveryRow {
  readonly id: string;
  readonly notificationId: string;
  readonly merchantGatewayId: string;
  readonly merchantId: string;
  readonly destinationName: string;
  readonly destinationKind: DestinationKind;
  readonly destinationDisabledAtMs: number | string | null;
  readonly tokenId: string;
  readonly sequence: number | string;
  /** Null where the notification is missing. */
  readonly correlationId: string | null;
  readonly state: DeliveryState;
  readonly attempts: number | string;
  readonly dueAtMs: number | string;
  readonly createdAtMs: number | string;
  readonly settledAtMs: number | string | null;
  readonly lastReason: string | null;
}

export interface AttemptRow {
  readonly startedAtMs: number | string;
  readonly durationMs: number | string;
  readonly outcome: 'delivered' | 'retry' | 'refused';
  readonly statusCode: number | string | null;
  readonly reason: string | null;
}

/**
 * The state is written out: with a parameter SQLite would not take the index of the dead, or of the cancelled. By its token a
 * delivery is found through the notification: an index of its own would cost each delivery, and that one is there.
 */
const conditions = ({ state }: DeliveryFilter): Conditions<DeliveryFilter> => ({
  id: 'd.id = :id',
  merchantId: 't.merchant_id = :merchantId',
  destination: 't.name = :destination',
  notificationId: 'd.notification_id = :notificationId',
  state: `d.state = '${state}'`,
  createdFromMs: 'd.id >= :fromId',
  createdToMs: 'd.id < :beforeId',
  olderThan: 'd.id < :olderThan',
});

/** Both ids begin with the same time: with it PostgreSQL leaves out the other weeks' notifications, too. */
const NOTIFICATION_CONDITIONS: Conditions<DeliveryFilter> = {
  createdFromMs: 'n.id >= :fromId',
  createdToMs: 'n.id < :beforeId',
};

@Injectable()
export class DeliverySearchRepository {
  constructor(
    private readonly statements: Statements,
    private readonly index: NotificationIndex,
  ) {}

  /** Newest first. */
  find(filter: DeliveryFilter, limit: number): Promise<DeliveryRow[]> {
    const { createdFromMs, createdToMs } = filter;
    // A delivery is created when its notification is received.
    return this.index.search(filter, { fromMs: createdFromMs, toMs: createdToMs }, ({ prelude, among }) =>
      this.statements.read(
        `${prelude} select d.id as "id", d.notification_id as "notificationId", t.merchant_gateway_id as "merchantGatewayId",
              t.merchant_id as "merchantId", t.name as "destinationName", t.kind as "destinationKind",
              t.disabled_at_ms as "destinationDisabledAtMs", d.token_id as "tokenId", d.sequence as "sequence",
              n.correlation_id as "correlationId", d.state as "state", d.attempts as "attempts", d.due_at_ms as "dueAtMs",
              d.created_at_ms as "createdAtMs", d.settled_at_ms as "settledAtMs", d.last_reason as "lastReason"
       from deliveries d
       join destinations t on t.id = d.destination_id
       left join notifications n on n.id = d.notification_id ${among('n.id')} ${conditionsOf(NOTIFICATION_CONDITIONS, filter)}
       where t.merchant_gateway_id in (:...merchantGateways) ${among('d.notification_id')}
         ${conditionsOf(conditions(filter), filter)}
       order by d.id desc limit :limit`,
        { ...filter, ...idsBetween(createdFromMs, createdToMs), limit },
      ),
    );
  }

  async findOne(merchantGateways: readonly string[], id: string): Promise<DeliveryRow | undefined> {
    const [found] = await this.find({ merchantGateways, id }, 1);
    return found;
  }

  /** In the order in which they ended. */
  attemptsOf(merchantGateways: readonly string[], deliveryId: string): Promise<AttemptRow[]> {
    return this.statements.read(
      `select a.started_at_ms as "startedAtMs", a.duration_ms as "durationMs", a.outcome as "outcome",
              a.status_code as "statusCode", a.reason as "reason"
       from deliveries d
       join destinations t on t.id = d.destination_id
       join delivery_attempts a on a.delivery_id = d.id
       where d.id = :deliveryId and t.merchant_gateway_id in (:...merchantGateways)
       order by a.id`,
      { merchantGateways, deliveryId },
    );
  }
}
