import { Histogram, type MetricValueWithName } from 'prom-client';
import type { Buckets } from './buckets.js';

export interface LabelledBuckets {
  readonly labels: Readonly<Record<string, string>>;
  readonly buckets: Buckets;
}

export interface BucketsHistogramOptions {
  readonly name: string;
  readonly help: string;
  /** Read when it is asked for. */
  readonly series: () => Iterable<LabelledBuckets>;
}

type Value = MetricValueWithName<string>;

/**
 * Exposes `Buckets` that others count into. prom-client's own `observe` looks its labels up by hash on every call, which is
 * too much for what happens many thousand times a second.
 */
export class BucketsHistogram extends Histogram {
  constructor(private readonly options: BucketsHistogramOptions) {
    super({ name: options.name, help: options.help, registers: [] });
  }

  /** What the registry's text output calls, and `get`; prom-client's types leave it out. */
  async getForPromString(): Promise<{ name: string; help: string; type: 'histogram'; values: Value[] }> {
    const { name, help, series } = this.options;
    return { name, help, type: 'histogram', values: [...series()].flatMap((one) => valuesOf(name, one)) };
  }
}

function valuesOf(name: string, { labels, buckets }: LabelledBuckets): Value[] {
  let count = 0;
  const values = buckets.counts.map((own, index) => {
    count += own;
    return { metricName: `${name}_bucket`, labels: { ...labels, le: buckets.bounds[index] ?? '+Inf' }, value: count };
  });
  return [
    ...values,
    { metricName: `${name}_sum`, labels, value: buckets.sum },
    { metricName: `${name}_count`, labels, value: count },
  ];
}
