import { Injectable, Logger } from '@nestjs/common';
import { Clock } from '../../clock/clock.js';
import { describeCause } from '../../http/log-error.js';
import { BacklogRepository } from './backlog.repository.js';
import { MetricsRegistry } from './metrics-registry.js';

/** However often metrics are asked for. */
const REMEMBERED_MS = 15_000;
const MAX_MERCHANTS = 50;
/** Label of all that are not named. */
const OTHERS = 'others';

interface MerchantBacklog {
  readonly labels: { readonly merchant_gateway: string; readonly merchant: string };
  pending: number;
  oldestCreatedAtMs: number;
}

/** What is pending, by merchant. It is the database's, so every instance tells the same. */
@Injectable()
export class BacklogMetrics {
  private readonly logger = new Logger(BacklogMetrics.name);
  private lookedAtMs = Number.NEGATIVE_INFINITY;
  private looking: Promise<readonly MerchantBacklog[]> | undefined;

  constructor(
    registry: MetricsRegistry,
    private readonly repository: BacklogRepository,
    private readonly clock: Clock,
  ) {
    const labelNames = ['merchant_gateway', 'merchant'];
    registry.collectGauge({
      name: 'deliveries_pending',
      help: 'Deliveries that are pending, by merchant; counted up to 5000 for each destination',
      labelNames,
      series: async () => (await this.find()).map(({ labels, pending }) => ({ labels, value: pending })),
    });
    registry.collectGauge({
      name: 'deliveries_oldest_pending_age_seconds',
      help: 'Age of the oldest pending delivery, by merchant',
      labelNames,
      series: async () =>
        (await this.find()).map(({ labels, oldestCreatedAtMs }) => ({
          labels,
          value: Math.max(0, this.clock.nowMs() - oldestCreatedAtMs) / 1000,
        })),
    });
  }

  private find(): Promise<readonly MerchantBacklog[]> {
    const nowMs = this.clock.nowMs();
    if (!this.looking || nowMs - this.lookedAtMs >= REMEMBERED_MS) {
      this.lookedAtMs = nowMs;
      this.looking = this.look();
    }
    return this.looking;
  }

  /** With the database away there are no figures; the other metrics are wanted all the more. */
  private async look(): Promise<readonly MerchantBacklog[]> {
    try {
      return await this.byMerchant();
    } catch (error) {
      this.logger.warn({ msg: 'What is pending could not be counted', cause: describeCause(error) });
      return [];
    }
  }

  private async byMerchant(): Promise<readonly MerchantBacklog[]> {
    const merchants = new Map<string, MerchantBacklog>();
    for (const { merchantGatewayId, merchantId, ...backlog } of await this.repository.find()) {
      add(merchants, { labels: { merchant_gateway: merchantGatewayId, merchant: merchantId }, ...backlog });
    }
    const sorted = [...merchants.values()].sort((a, b) => b.pending - a.pending);
    const named = sorted.slice(0, MAX_MERCHANTS);
    const others = new Map<string, MerchantBacklog>();
    for (const { pending, oldestCreatedAtMs } of sorted.slice(MAX_MERCHANTS)) {
      add(others, { labels: { merchant_gateway: OTHERS, merchant: OTHERS }, pending, oldestCreatedAtMs });
    }
    return [...named, ...others.values()];
  }
}

function add(merchants: Map<string, MerchantBacklog>, backlog: MerchantBacklog): void {
  const key = `${backlog.labels.merchant_gateway} ${backlog.labels.merchant}`;
  const known = merchants.get(key);
  if (!known) {
    merchants.set(key, { ...backlog });
    return;
  }
  known.pending += backlog.pending;
  known.oldestCreatedAtMs = Math.min(known.oldestCreatedAtMs, backlog.oldestCreatedAtMs);
}
