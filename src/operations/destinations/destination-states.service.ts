import { Injectable } from '@nestjs/common';
import type { Caller } from '../../auth/access-tokens/caller.js';
import { Clock } from '../../clock/clock.js';
import type { Actor } from '../audit/actor.js';
import { UUID_PATTERN } from '../http/identifiers.js';
import { decodeTextCursor } from '../http/text-cursor.js';
import { NotFound } from '../operation-errors.js';
import { namePageOf, type NamePageQuery } from '../registry/name-page.js';
import { visibleGateways } from '../repository/visible-gateways.js';
import { BacklogsRepository, type DestinationBacklog, type DestinationPlace } from './backlogs.repository.js';
import { DestinationControl } from './destination-control.js';
import {
  destinationStateItem,
  type DestinationStateItem,
  type DestinationStatePage,
} from './destination-state-item.js';
import { PausesRepository } from './pauses.repository.js';

/** Whether updates reach their destinations, and an operator's say in it. */
@Injectable()
export class DestinationStatesService {
  constructor(
    private readonly backlogs: BacklogsRepository,
    private readonly pauses: PausesRepository,
    private readonly delivery: DestinationControl,
    private readonly clock: Clock,
  ) {}

  async list({ limit, cursor }: NamePageQuery, caller: Caller): Promise<DestinationStatePage> {
    const rows = await this.backlogs.page(visibleGateways(caller), placeOf(decodeTextCursor(cursor)), limit + 1);
    return namePageOf(
      rows.map((row) => this.item(row)),
      limit,
      cursorOf,
    );
  }

  /** What is being tried ends; nothing more is begun. @throws NotFound where the caller has no such destination */
  pause(id: string, actor: Actor): Promise<DestinationStateItem> {
    return this.set(id, this.clock.nowMs(), actor);
  }

  /** What has piled up is due at once. @throws NotFound where the caller has no such destination */
  resume(id: string, actor: Actor): Promise<DestinationStateItem> {
    return this.set(id, null, actor);
  }

  private async set(id: string, pausedAtMs: number | null, actor: Actor): Promise<DestinationStateItem> {
    if (!UUID_PATTERN.test(id)) throw new NotFound('destination');
    const visible = visibleGateways(actor);
    if (await this.pauses.set(visible, id, pausedAtMs, actor)) this.delivery.changed(id);
    const row = await this.backlogs.find(visible, id);
    if (!row) throw new NotFound('destination');
    return this.item(row);
  }

  private item(row: DestinationBacklog): DestinationStateItem {
    return destinationStateItem(row, this.delivery.breakerOf(row));
  }
}

const cursorOf = ({ merchantGatewayId, merchantId, name }: DestinationPlace): string =>
  `${merchantGatewayId}/${merchantId}/${name}`;

/** None of the ids and names has a slash in it. */
function placeOf(cursor: string): DestinationPlace {
  const [merchantGatewayId = '', merchantId = '', name = ''] = cursor.split('/');
  return { merchantGatewayId, merchantId, name };
}
