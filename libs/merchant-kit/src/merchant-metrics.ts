/** What tells apart the series of one metric: few names, few values. Never a token's or a delivery's id. */
export type MetricLabels = Readonly<Record<string, string>>;

/**
 * A team's own metrics, to inject. They appear as `team_<team>_<name>`; names are lower case with `_`.
 *
 * @example
 * ```ts
 * constructor(private readonly metrics: MerchantMetrics) {}
 * // …
 * this.metrics.count('refreshed_total', 1, { state: 'active' });
 * ```
 */
export abstract class MerchantMetrics {
  /** Adds to a counter. */
  abstract count(name: string, by?: number, labels?: MetricLabels): void;

  /** Sets a gauge. */
  abstract set(name: string, value: number, labels?: MetricLabels): void;
}
