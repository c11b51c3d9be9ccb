import { Injectable } from '@nestjs/common';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { mayActFor, type Caller } from '../../auth/access-tokens/caller.js';
import { Clock } from '../../clock/clock.js';
import { IntakeEvents } from '../../tokens/intake/intake-events.js';
import type { Actor } from '../audit/actor.js';
import { UUID_PATTERN } from '../http/identifiers.js';
import { msOf } from '../http/request-fields.js';
import { NotFound, NotReplayable } from '../operation-errors.js';
import { DeliverySearchRepository, type DeliveryRow } from '../repository/delivery-search.repository.js';
import { idsBetween } from '../repository/id-range.js';
import { ReplayRepository, type ReplayFilter } from '../repository/replay.repository.js';
import { visibleGateways } from '../repository/visible-gateways.js';
import { deliveryItem, type DeliveryItem } from '../search/delivery-item.js';
import type { BulkReplayRequest, BulkReplayResult } from './bulk-replay-request.js';
import { ReplayAudit } from './replay-audit.js';

/** Deliveries that one transaction looks at. */
const BATCH = 1000;

/** An operator's sending again. */
@Injectable()
export class ReplayService {
  constructor(
    private readonly repository: ReplayRepository,
    private readonly deliveries: DeliverySearchRepository,
    private readonly audit: ReplayAudit,
    private readonly events: IntakeEvents,
    private readonly clock: Clock,
  ) {}

  /**
   * What is being tried at the moment is left as it is.
   *
   * @throws NotFound where the caller has no such delivery
   * @throws NotReplayable where it could not be sent
   */
  async replay(id: string, actor: Actor): Promise<DeliveryItem> {
    if (!UUID_PATTERN.test(id)) throw new NotFound('delivery');
    const visible = visibleGateways(actor);
    const nowMs = this.clock.nowMs();
    const destinationId = await this.audit.ofOne(id, actor, (manager) =>
      this.repository.replay(manager, visible, id, nowMs),
    );
    const row = await this.deliveries.findOne(visible, id);
    if (destinationId !== undefined) this.events.emit('due', [destinationId]);
    if (!row) throw new NotFound('delivery');
    if (destinationId === undefined) assertReplayable(row);
    return deliveryItem(row);
  }

  /** Destinations that are disabled are passed over. @throws NotFound where it is not the caller's merchant gateway */
  async replayAll(request: BulkReplayRequest, actor: Actor): Promise<BulkReplayResult> {
    if (!mayActFor(actor, request.merchantGatewayId)) throw new NotFound('merchant gateway');
    await this.audit.ofMany(request, actor);
    return this.inBatches(request, actor, async (ids, filter, nowMs) => {
      const destinations = await this.repository.replayBatch(ids, filter, nowMs);
      if (destinations.length > 0) this.events.emit('due', [...new Set(destinations)]);
      return destinations.length;
    });
  }

  /** How many `replayAll` would send now, without sending them. @throws NotFound */
  async countReplayable(request: BulkReplayRequest, caller: Caller): Promise<BulkReplayResult> {
    return this.inBatches(request, caller, (ids, filter) => this.repository.countReplayable(ids, filter));
  }

  private async inBatches(
    request: BulkReplayRequest,
    caller: Caller,
    work: (ids: readonly string[], filter: ReplayFilter, nowMs: number) => Promise<number>,
  ): Promise<BulkReplayResult> {
    if (!mayActFor(caller, request.merchantGatewayId)) throw new NotFound('merchant gateway');
    const nowMs = this.clock.nowMs();
    const filter = replayFilter(request, caller, nowMs);
    let replayed = 0;
    let ids: string[];
    // No id of version 7 is the lowest of its time.
    let { fromId: afterId, beforeId } = idsBetween(filter.createdFromMs, filter.createdToMs);
    do {
      ids = await this.repository.nextInState(filter.state, afterId, beforeId, BATCH);
      afterId = ids.at(-1) ?? afterId;
      if (ids.length > 0) replayed += await work(ids, filter, nowMs);
      // On SQLite nothing above gives way to other requests.
      await nextTurn();
    } while (ids.length === BATCH);
    return { replayed };
  }
}

function replayFilter(request: BulkReplayRequest, caller: Caller, nowMs: number): ReplayFilter {
  const { merchantGatewayId, merchantId, destination, state, createdFrom, createdTo } = request;
  return {
    merchantGateways: visibleGateways(caller, merchantGatewayId),
    merchantId,
    destination,
    state,
    createdFromMs: msOf(createdFrom),
    // What is made while this runs is not sent again: it might go on without end.
    createdToMs: Math.min(msOf(createdTo) ?? Number.POSITIVE_INFINITY, nowMs + 1),
  };
}

function assertReplayable({ destinationDisabledAtMs, correlationId }: DeliveryRow): void {
  if (destinationDisabledAtMs !== null) throw new NotReplayable('The destination is disabled');
  if (correlationId === null) throw new NotReplayable('The notification is missing');
}
