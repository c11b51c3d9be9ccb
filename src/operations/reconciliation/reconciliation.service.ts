import { Injectable } from '@nestjs/common';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { mayActFor, type Caller } from '../../auth/access-tokens/caller.js';
import { NotFound } from '../operation-errors.js';
import { FIRST_ID, LAST_ID, type IdRange } from '../repository/id-range.js';
import { ReconciliationRepository, type ReconciliationScope } from '../repository/reconciliation.repository.js';
import type { ReconciliationReport } from './reconciliation-report.js';
import { Tally } from './tally.js';

/** Rows that one statement looks at. */
const RANGE = 2000;

/** Holds what was accepted against what became of it. */
@Injectable()
export class ReconciliationService {
  constructor(private readonly repository: ReconciliationRepository) {}

  /** @throws NotFound where the caller has no such merchant gateway, or that no such merchant */
  async reconcile(scope: ReconciliationScope, caller: Caller): Promise<ReconciliationReport> {
    const { merchantGatewayId, merchantId } = scope;
    if (!mayActFor(caller, merchantGatewayId)) throw new NotFound('merchant gateway');
    const merchantIds = await this.repository.merchantsOf(scope);
    if (merchantId !== undefined && merchantIds.length === 0) throw new NotFound('merchant');
    const tally = new Tally(merchantIds);
    await this.addNotifications(scope, tally);
    await this.addOrphans(scope, tally);
    const merchants = tally.results();
    return { merchantGatewayId, balanced: merchants.every(({ balanced }) => balanced), merchants };
  }

  private async addNotifications(scope: ReconciliationScope, tally: Tally): Promise<void> {
    for await (const range of ranges((after) => this.repository.nextNotifications(scope, after, RANGE))) {
      tally.addNotifications(await this.repository.countNotifications(scope, range));
      tally.addDeliveries(await this.repository.countDeliveries(scope, range));
      await nextTurn();
      tally.addUndelivered(await this.repository.findUndelivered(scope, range));
    }
  }

  private async addOrphans(scope: ReconciliationScope, tally: Tally): Promise<void> {
    for await (const range of ranges((after) => this.repository.nextDeliveries(after, RANGE))) {
      tally.addOrphans(await this.repository.findOrphans(scope, range));
    }
  }
}

/** One range after the other, to the last. On SQLite nothing but the pauses gives way to other requests. */
async function* ranges(next: (after: string) => Promise<IdRange>): AsyncGenerator<IdRange> {
  let upTo = FIRST_ID;
  while (upTo !== LAST_ID) {
    const range = await next(upTo);
    yield range;
    ({ upTo } = range);
    await nextTurn();
  }
}
