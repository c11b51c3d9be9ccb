import { Injectable } from '@nestjs/common';
import { Deliverer } from '../../delivery/dispatcher/deliverer.js';
import type { ClaimedDelivery, Settlement } from '../../delivery/repository/deliveries.repository.js';
import { Buckets } from './buckets.js';
import { MetricsRegistry } from './metrics-registry.js';

/** From ten milliseconds to the end of the default retry schedule. */
const DELAY_BOUNDS_S = [
  0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 900, 3600, 14_400, 86_400, 259_200,
] as const;

/** Tries by outcome, deliveries that have ended, and how long it took until the merchant had the update. */
@Injectable()
export class DeliveryMetrics {
  private readonly tries = { delivered: 0, retry: 0, refused: 0 };
  private readonly ended = { delivered: 0, dead: 0, cancelled: 0 };
  private readonly delaySeconds = new Buckets(DELAY_BOUNDS_S);

  constructor(
    private readonly registry: MetricsRegistry,
    deliverer: Deliverer,
  ) {
    deliverer.on('tried', (delivery, settlement) => this.count(delivery, settlement));
    this.expose();
  }

  private count({ event }: ClaimedDelivery, { attempt, next, settledAtMs }: Settlement): void {
    this.tries[attempt.outcome] += 1;
    if (next.state === 'pending') return;
    this.ended[next.state] += 1;
    if (next.state === 'delivered') {
      this.delaySeconds.observe(Math.max(0, settledAtMs - Date.parse(event.data.receivedAt)) / 1000);
    }
  }

  private expose(): void {
    const { registry } = this;
    registry.collectCounter({
      name: 'delivery_tries_total',
      help: 'Tries of deliveries by outcome',
      labelNames: ['outcome'],
      series: () => Object.entries(this.tries).map(([outcome, value]) => ({ labels: { outcome }, value })),
    });
    registry.collectCounter({
      name: 'deliveries_ended_total',
      help: 'Deliveries that became delivered or dead, or cancelled by a team',
      labelNames: ['state'],
      series: () => Object.entries(this.ended).map(([state, value]) => ({ labels: { state }, value })),
    });
    registry.collectHistogram({
      name: 'delivery_delay_seconds',
      help: 'Time from the arrival of a notification to its delivery',
      series: () => [{ labels: {}, buckets: this.delaySeconds }],
    });
  }
}
