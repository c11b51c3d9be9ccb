import { Injectable } from '@nestjs/common';
import { IntakeEvents } from '../../tokens/intake/intake-events.js';
import type { IntakeResult } from '../../tokens/intake/intake-result.js';
import { Buckets, DURATION_BOUNDS_S } from './buckets.js';
import { MetricsRegistry } from './metrics-registry.js';

const BATCH_BOUNDS = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096] as const;

/** What became of D1's calls, and how they were committed. */
@Injectable()
export class IntakeMetrics {
  private readonly results = { accepted: 0, unknown_merchant: 0, unknown_token: 0, failed: 0, not_committed: 0 };
  private readonly batchSize = new Buckets(BATCH_BOUNDS);
  private readonly commitSeconds = new Buckets(DURATION_BOUNDS_S);
  private matched = 0;

  constructor(
    private readonly registry: MetricsRegistry,
    events: IntakeEvents,
  ) {
    events.on('committed', (results, durationMs) => this.count(results, durationMs));
    events.on('notCommitted', ({ length }) => (this.results.not_committed += length));
    events.on('matched', (notifications) => (this.matched += notifications));
    this.expose();
  }

  private count(results: readonly IntakeResult[], durationMs: number): void {
    this.batchSize.observe(results.length);
    this.commitSeconds.observe(durationMs / 1000);
    for (const result of results) this.results[nameOf(result)] += 1;
  }

  private expose(): void {
    const { registry } = this;
    registry.collectCounter({
      name: 'notifications_total',
      help: 'Calls of D1 by what became of them',
      labelNames: ['result'],
      series: () => Object.entries(this.results).map(([result, value]) => ({ labels: { result }, value })),
    });
    registry.collectCounter({
      name: 'unmatched_resolved_total',
      help: 'Unmatched notifications that became notifications',
      series: () => [{ labels: {}, value: this.matched }],
    });
    registry.collectHistogram({
      name: 'intake_batch_size',
      help: 'Calls that shared a commit',
      series: () => [{ labels: {}, buckets: this.batchSize }],
    });
    registry.collectHistogram({
      name: 'intake_commit_duration_seconds',
      help: 'Time a commit of the intake took',
      series: () => [{ labels: {}, buckets: this.commitSeconds }],
    });
  }
}

function nameOf(result: IntakeResult): 'accepted' | 'unknown_merchant' | 'unknown_token' | 'failed' {
  if (result.kind !== 'unmatched') return result.kind;
  return result.reason === 'UNKNOWN_TOKEN' ? 'unknown_token' : 'unknown_merchant';
}
