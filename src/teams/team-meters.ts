import { MerchantMetrics, variablePrefixOf, type MetricLabels } from '@gateway/merchant-kit';
import { Injectable } from '@nestjs/common';

/** One series of a metric. */
export interface Reading {
  readonly name: string;
  readonly kind: 'counter' | 'gauge';
  readonly labels: MetricLabels;
  readonly value: number;
}

const NAME = /^[a-z][a-z0-9_]{0,99}$/;
/** Of one team: labels with ids in them must not fill the memory. */
const MAX_SERIES = 1000;

/** Keeps what teams count, for whoever publishes metrics. */
@Injectable()
export class TeamMeters {
  private readonly series = new Map<string, Map<string, Reading>>();

  of(team: string): MerchantMetrics {
    const readings = new Map<string, Reading>();
    this.series.set(team, readings);
    return new TeamMeter(variablePrefixOf(team).toLowerCase(), readings);
  }

  read(): Reading[] {
    return [...this.series.values()].flatMap((readings) => [...readings.values()]);
  }
}

class TeamMeter extends MerchantMetrics {
  constructor(
    private readonly prefix: string,
    private readonly readings: Map<string, Reading>,
  ) {
    super();
  }

  count(name: string, by = 1, labels: MetricLabels = {}): void {
    this.put('counter', name, labels, (before) => before + Math.max(0, by));
  }

  set(name: string, value: number, labels: MetricLabels = {}): void {
    this.put('gauge', name, labels, () => value);
  }

  private put(kind: Reading['kind'], name: string, labels: MetricLabels, next: (before: number) => number): void {
    const key = JSON.stringify([name, kind, Object.entries(labels).toSorted(([a], [b]) => (a < b ? -1 : 1))]);
    const known = this.readings.get(key);
    // A metric that is not well named is left out: it must not fail the delivery it is counted in.
    if (!known && (!NAME.test(name) || this.readings.size >= MAX_SERIES)) return;
    this.readings.set(key, { name: this.prefix + name, kind, labels, value: next(known?.value ?? 0) });
  }
}
