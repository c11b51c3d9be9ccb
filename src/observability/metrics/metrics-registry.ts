import { Injectable } from '@nestjs/common';
import { Counter, Gauge, Registry } from 'prom-client';
import { BucketsHistogram, type BucketsHistogramOptions } from './buckets-histogram.js';

/** What every metric's name begins with, but for those of the process, which have the names everybody knows. */
const PREFIX = 'd1_gateway_';

interface Series {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

interface CollectedMetric {
  /** Without the prefix. */
  readonly name: string;
  readonly help: string;
  readonly labelNames?: readonly string[];
  /** Called when metrics are asked for; must not throw. */
  readonly series: () => Iterable<Series> | Promise<Iterable<Series>>;
}

/** A metric whose name is known when metrics are asked for, and not before. */
export interface MetricFamily {
  /** As it is shown, prefix and all. */
  readonly name: string;
  readonly type: 'counter' | 'gauge';
  readonly help: string;
  readonly values: readonly Series[];
}

type MetricObjects = ReturnType<Registry['getMetricsAsArray']>;

/** One gateway's metrics. Not prom-client's global registry: there may be several gateways in a process. */
@Injectable()
export class MetricsRegistry extends Registry {
  private readonly families: (() => readonly MetricFamily[])[] = [];

  addFamilies(read: () => readonly MetricFamily[]): void {
    this.families.push(read);
  }

  override getMetricsAsArray(): MetricObjects {
    const families = this.families.flatMap((read) => read()).map((family) => ({ ...family, get: async () => family }));
    return [...super.getMetricsAsArray(), ...(families as unknown as MetricObjects)];
  }

  /** A counter that is counted elsewhere, in plain numbers. */
  collectCounter(metric: CollectedMetric): void {
    const counter: Counter = new Counter({
      ...this.described(metric),
      collect: async () => {
        const series = await metric.series();
        counter.reset();
        for (const { labels, value } of series) counter.inc(labels, value);
      },
    });
  }

  collectGauge(metric: CollectedMetric): void {
    const gauge: Gauge = new Gauge({
      ...this.described(metric),
      collect: async () => {
        const series = await metric.series();
        gauge.reset();
        for (const { labels, value } of series) gauge.set(labels, value);
      },
    });
  }

  collectHistogram({ name, help, series }: BucketsHistogramOptions): void {
    this.registerMetric(new BucketsHistogram({ name: PREFIX + name, help, series }));
  }

  private described({ name, help, labelNames = [] }: CollectedMetric) {
    return { name: PREFIX + name, help, labelNames: [...labelNames], registers: [this] };
  }
}
