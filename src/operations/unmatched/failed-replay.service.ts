import { Injectable } from '@nestjs/common';
import { IntakeEvents } from '../../tokens/intake/intake-events.js';
import { NotificationsRepository } from '../../tokens/repository/notifications.repository.js';
import type { Actor } from '../audit/actor.js';
import { UUID_PATTERN } from '../http/identifiers.js';
import { NotFound, NotReplayable } from '../operation-errors.js';
import { visibleGateways } from '../repository/visible-gateways.js';
import { failedItem, type FailedItem } from './call-item.js';
import { CallSearchRepository } from './call-search.repository.js';
import { FailedReplayMarks } from './failed-replay-marks.js';

/** Has recorded, after all, what D1 was answered 500 for. */
@Injectable()
export class FailedReplayService {
  constructor(
    private readonly search: CallSearchRepository,
    private readonly marks: FailedReplayMarks,
    private readonly notifications: NotificationsRepository,
    private readonly events: IntakeEvents,
  ) {}

  /**
   * Under the same id: done twice, by accident or since the first answer was lost, it is one notification all the same.
   *
   * @throws NotFound; NotReplayable where it cannot be recorded now either
   */
  async replay(id: string, actor: Actor): Promise<FailedItem> {
    const filter = { merchantGateways: visibleGateways(actor), id };
    const [found] = UUID_PATTERN.test(id) ? await this.search.findFailed(filter, 1) : [];
    if (!found) throw new NotFound('failed notification');
    if (!(await this.marks.isRecorded(id))) await this.record(id);
    await this.marks.mark(id, found.merchantGatewayId, actor);
    const [replayed = found] = await this.search.findFailed(filter, 1);
    return failedItem(replayed);
  }

  private async record(id: string): Promise<void> {
    const { cause: _cause, replayedAtMs: _replayedAtMs, ...call } = await this.marks.read(id);
    try {
      // Said to nobody as `committed`: it is no call of D1's.
      const { dueDestinations } = await this.notifications.recordBatch([{ ...call, mayAct: true }]);
      if (dueDestinations.length > 0) this.events.emit('due', dueDestinations);
    } catch (error) {
      throw new NotReplayable('It cannot be recorded', { cause: error });
    }
  }
}
