import { Injectable } from '@nestjs/common';
import { TeamMeters, type Reading } from '../../teams/team-meters.js';
import { MetricsRegistry, type MetricFamily } from './metrics-registry.js';

/** What teams count, under their own names: `team_acme_…`. */
@Injectable()
export class TeamMetrics {
  constructor(registry: MetricsRegistry, meters: TeamMeters) {
    registry.addFamilies(() => familiesOf(meters.read()));
  }
}

function familiesOf(readings: readonly Reading[]): MetricFamily[] {
  const byName = new Map<string, MetricFamily>();
  for (const { name, kind, labels, value } of readings) {
    const { values = [] } = byName.get(name) ?? {};
    byName.set(name, { name, type: kind, help: 'Of a team', values: [...values, { labels, value }] });
  }
  return [...byName.values()];
}
