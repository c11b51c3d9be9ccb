import { Injectable } from '@nestjs/common';
import { Lanes } from '../../delivery/dispatcher/lanes.js';
import { MetricsRegistry } from './metrics-registry.js';

/** Most destinations that are named; how many there are in all is told besides. */
const MAX_NAMED = 100;

/** Circuit breakers of the destinations that this instance has tried lately. */
@Injectable()
export class DestinationMetrics {
  constructor(
    registry: MetricsRegistry,
    private readonly lanes: Lanes,
  ) {
    registry.collectGauge({
      name: 'destinations',
      help: 'Destinations tried by this instance lately, by the state of their circuit breaker',
      labelNames: ['breaker'],
      series: () => this.byState(),
    });
    registry.collectGauge({
      name: 'destination_breaker_open',
      help: `1 for each destination whose circuit breaker is not closed; at most ${MAX_NAMED} of them`,
      labelNames: ['merchant', 'destination'],
      series: () => this.open(),
    });
  }

  private byState() {
    const counts = { closed: 0, open: 0, half_open: 0 };
    for (const { breaker } of this.lanes.states()) counts[breaker] += 1;
    return Object.entries(counts).map(([breaker, value]) => ({ labels: { breaker }, value }));
  }

  private *open() {
    let named = 0;
    for (const { merchantId, name, breaker } of this.lanes.states()) {
      if (breaker === 'closed') continue;
      if (named >= MAX_NAMED) return;
      named += 1;
      yield { labels: { merchant: merchantId, destination: name }, value: 1 };
    }
  }
}
