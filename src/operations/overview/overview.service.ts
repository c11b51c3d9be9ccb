import { Injectable } from '@nestjs/common';
import type { Caller } from '../../auth/access-tokens/caller.js';
import { Clock } from '../../clock/clock.js';
import { RememberedBacklogs } from '../destinations/remembered-backlogs.js';
import { visibleGateways } from '../repository/visible-gateways.js';
import { isoTime } from '../search/iso-time.js';
import { merchantBacklogs } from './merchant-backlogs.js';
import { minutesOf } from './minutes.js';
import type { Overview } from './overview.js';
import { RecentSlices } from './recent-slices.js';
import { UnmatchedCountRepository } from './unmatched-count.repository.js';
import { VisibleDestinationsRepository } from './visible-destinations.repository.js';

/** How it goes, for one caller's merchant gateways. */
@Injectable()
export class OverviewService {
  constructor(
    private readonly slices: RecentSlices,
    private readonly destinations: VisibleDestinationsRepository,
    private readonly backlogs: RememberedBacklogs,
    private readonly unmatched: UnmatchedCountRepository,
    private readonly clock: Clock,
  ) {}

  async overview(caller: Caller): Promise<Overview> {
    const gateways = visibleGateways(caller);
    const destinations = await this.destinations.find(gateways);
    const visible = {
      merchantGateways: new Set(gateways),
      destinations: new Set(destinations.map(({ id }) => id)),
    };
    const slices = await this.slices.read();
    const nowMs = this.clock.nowMs();
    const newest = await this.unmatched.newest(gateways);
    return {
      at: isoTime(nowMs),
      ...minutesOf(slices, visible, nowMs),
      ...merchantBacklogs(destinations, await this.backlogs.read()),
      unmatched: await this.unmatched.count(gateways),
      newestUnmatched: newest.map(({ receivedAtMs, ...row }) => ({ receivedAt: isoTime(receivedAtMs), ...row })),
    };
  }
}
