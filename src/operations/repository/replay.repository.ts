import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { DeliveryState } from '../../tokens/entities/delivery.entity.js';
import { conditionsOf, type Conditions } from './conditions.js';
import { Statements } from './statements.js';

export type SettledState = Exclude<DeliveryState, 'pending'>;

export interface ReplayFilter {
  readonly merchantGateways: readonly string[];
  readonly state: SettledState;
  readonly merchantId?: string;
  readonly destination?: string;
  readonly createdFromMs?: number;
  /** Not included. */
  readonly createdToMs: number;
}

interface Replayed {
  readonly destinationId: string;
}

const REPLAYABLE = `
  where lease_owner is null
    and exists (select 1 from notifications n where n.id = deliveries.notification_id)`;

/**
 * The retry schedule begins anew with the counter; the attempts themselves stay on record. What is pending keeps its
 * place in the schedule. A delivery whose notification is missing could never be claimed, and would hold up its token.
 */
const REPLAY = `
  update deliveries
  set state = 'pending', settled_at_ms = null,
      attempts = case when state = 'pending' then attempts else 0 end,
      due_at_ms = case when state = 'pending' and due_at_ms < :nowMs then due_at_ms else :nowMs end
  ${REPLAYABLE}`;

const RETURNING = `returning destination_id as "destinationId"`;

const DESTINATION_CONDITIONS: Conditions<ReplayFilter> = {
  merchantId: 't.merchant_id = :merchantId',
  destination: 't.name = :destination',
};

const batchConditions = (filter: ReplayFilter): string =>
  `and id in (:...ids) and state = :state
   and destination_id in (
     select t.id from destinations t
     where t.merchant_gateway_id in (:...merchantGateways) and t.disabled_at_ms is null
       ${conditionsOf(DESTINATION_CONDITIONS, filter)})`;

/** Makes deliveries pending again, where their destination is enabled and nobody is trying them. */
@Injectable()
export class ReplayRepository {
  constructor(private readonly statements: Statements) {}

  /** @returns the destination where there is something to send now */
  async replay(
    manager: EntityManager,
    merchantGateways: readonly string[],
    id: string,
    nowMs: number,
  ): Promise<string | undefined> {
    const [replayed] = await this.statements.updateWithin<Replayed>(
      manager,
      `${REPLAY}
         and id = :id
         and destination_id in (
           select t.id from destinations t
           where t.merchant_gateway_id in (:...merchantGateways) and t.disabled_at_ms is null)
       ${RETURNING}`,
      { merchantGateways, id, nowMs },
    );
    return replayed?.destinationId;
  }

  /** The next deliveries in a state, whosesoever they are, between two ids and in their order: what one batch looks at. */
  async nextInState(state: SettledState, afterId: string, beforeId: string, limit: number): Promise<string[]> {
    const rows = await this.statements.read<{ id: string }>(
      `select id from deliveries where state = '${state}' and id > :afterId and id < :beforeId order by id limit :limit`,
      { afterId, beforeId, limit },
    );
    return rows.map(({ id }) => id);
  }

  /** Of these deliveries, how many `replayBatch` would send. */
  async countReplayable(ids: readonly string[], filter: ReplayFilter): Promise<number> {
    const [row] = await this.statements.read<{ count: number | string }>(
      `select count(*) as "count" from deliveries ${REPLAYABLE} ${batchConditions(filter)}`,
      { ...filter, ids },
    );
    return Number(row?.count ?? 0);
  }

  /** Of these deliveries, those that match. @returns the destination of each */
  async replayBatch(ids: readonly string[], filter: ReplayFilter, nowMs: number): Promise<string[]> {
    const replayed = await this.statements.update<Replayed>(`${REPLAY} ${batchConditions(filter)} ${RETURNING}`, {
      ...filter,
      ids,
      nowMs,
    });
    return replayed.map(({ destinationId }) => destinationId);
  }
}
