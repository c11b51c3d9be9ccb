import type { Backlog } from '../destinations/backlogs.repository.js';
import { isoTimeOrNull } from '../search/iso-time.js';
import type { OverviewMerchant } from './overview.js';
import type { VisibleDestination } from './visible-destinations.repository.js';

export const MAX_MERCHANTS = 500;

const NOTHING: Backlog = { pending: 0, oldestPendingAtMs: null, dead: 0 };

interface MerchantBacklog extends Backlog {
  readonly of: VisibleDestination;
}

/** What waits and what was given up, of all and by merchant: of more than can be told, those first for whom there is something. */
export function merchantBacklogs(
  destinations: readonly VisibleDestination[],
  backlogs: ReadonlyMap<string, Backlog>,
): { pending: number; dead: number; merchants: OverviewMerchant[] } {
  const byMerchant = new Map<string, MerchantBacklog>();
  let total = NOTHING;
  for (const destination of destinations) {
    if (destination.deletedAtMs !== null) continue;
    const backlog = backlogs.get(destination.id) ?? NOTHING;
    const key = `${destination.merchantGatewayId}/${destination.merchantId}`;
    byMerchant.set(key, { of: destination, ...sum(byMerchant.get(key) ?? NOTHING, backlog) });
    total = sum(total, backlog);
  }
  return { pending: total.pending, dead: total.dead, merchants: told([...byMerchant.values()]).map(itemOf) };
}

/** In the order in which they come. */
function told(merchants: readonly MerchantBacklog[]): readonly MerchantBacklog[] {
  if (merchants.length <= MAX_MERCHANTS) return merchants;
  const first = merchants.filter(hasBacklog).slice(0, MAX_MERCHANTS);
  const others = merchants.filter((each) => !hasBacklog(each)).slice(0, MAX_MERCHANTS - first.length);
  const chosen = new Set([...first, ...others]);
  return merchants.filter((each) => chosen.has(each));
}

const hasBacklog = ({ pending, dead }: Backlog): boolean => pending + dead > 0;

function sum(one: Backlog, other: Backlog): Backlog {
  const oldest = [one.oldestPendingAtMs, other.oldestPendingAtMs].filter((ms) => ms !== null);
  return {
    pending: one.pending + other.pending,
    dead: one.dead + other.dead,
    oldestPendingAtMs: oldest.length > 0 ? Math.min(...oldest) : null,
  };
}

function itemOf({ of, pending, oldestPendingAtMs, dead }: MerchantBacklog): OverviewMerchant {
  const { merchantGatewayId, merchantId, merchantName: name } = of;
  return { merchantGatewayId, merchantId, name, pending, oldestPendingAt: isoTimeOrNull(oldestPendingAtMs), dead };
}
