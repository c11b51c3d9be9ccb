import { Injectable } from '@nestjs/common';
import type { Caller } from '../../auth/access-tokens/caller.js';
import { Clock } from '../../clock/clock.js';
import { BacklogsRepository, type DestinationBacklog } from '../destinations/backlogs.repository.js';
import { visibleGateways } from '../repository/visible-gateways.js';
import { isoTime, isoTimeOrNull } from '../search/iso-time.js';
import { minutesOf } from './minutes.js';
import type { Overview, OverviewMerchant } from './overview.js';
import { RecentSlices } from './recent-slices.js';
import { UnmatchedCountRepository } from './unmatched-count.repository.js';

/** How it goes, for one caller's merchant gateways. */
@Injectable()
export class OverviewService {
  constructor(
    private readonly slices: RecentSlices,
    private readonly backlogs: BacklogsRepository,
    private readonly unmatched: UnmatchedCountRepository,
    private readonly clock: Clock,
  ) {}

  async overview(caller: Caller): Promise<Overview> {
    const gateways = visibleGateways(caller);
    const destinations = await this.backlogs.find(gateways);
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
      merchants: byMerchant(destinations),
      unmatched: await this.unmatched.count(gateways),
      newestUnmatched: newest.map(({ receivedAtMs, ...row }) => ({ receivedAt: isoTime(receivedAtMs), ...row })),
    };
  }
}

function byMerchant(destinations: readonly DestinationBacklog[]): OverviewMerchant[] {
  const merchants = new Map<string, DestinationBacklog>();
  for (const destination of destinations) {
    const key = `${destination.merchantGatewayId}/${destination.merchantId}`;
    const known = merchants.get(key);
    merchants.set(key, known ? sum(known, destination) : destination);
  }
  return [...merchants.values()].map(
    ({ merchantGatewayId, merchantId, merchantName, pending, oldestPendingAtMs, dead }) => ({
      merchantGatewayId,
      merchantId,
      name: merchantName,
      pending,
      oldestPendingAt: isoTimeOrNull(oldestPendingAtMs),
      dead,
    }),
  );
}

function sum(one: DestinationBacklog, other: DestinationBacklog): DestinationBacklog {
  const oldest = [one.oldestPendingAtMs, other.oldestPendingAtMs].filter((ms) => ms !== null);
  return {
    ...one,
    pending: one.pending + other.pending,
    dead: one.dead + other.dead,
    oldestPendingAtMs: oldest.length > 0 ? Math.min(...oldest) : null,
  };
}
