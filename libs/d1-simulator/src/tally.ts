import { createHistogram } from 'node:perf_hooks';
import type { HttpTry } from './http-try.js';
import type { NotificationAnswer } from './notifier.js';
import type { LatencyMs, RunResult } from './run-result.js';

/** Counts while a run is on. */
export class Tally {
  private readonly latencyMicros = createHistogram();
  private readonly byStatus: Record<number, number> = {};
  private readonly acceptedCorrelationIds: string[] = [];
  private finished = 0;
  private unanswered = 0;
  private retries = 0;
  private connectionFailures = 0;

  recordTry(tried: HttpTry, attempt: number): void {
    if (attempt > 1) this.retries++;
    if (tried.answered) this.latencyMicros.record(tried.latencyMicros);
    else this.connectionFailures++;
  }

  recordAnswer({ status, correlationId }: NotificationAnswer): void {
    this.finished++;
    if (status === undefined) this.unanswered++;
    else this.byStatus[status] = (this.byStatus[status] ?? 0) + 1;
    if (status === 204) this.acceptedCorrelationIds.push(correlationId);
  }

  result(requested: number, durationMs: number, accessTokensFetched: number): RunResult {
    return {
      requested,
      finished: this.finished,
      answersByStatus: this.byStatus,
      unanswered: this.unanswered,
      retries: this.retries,
      connectionFailures: this.connectionFailures,
      accessTokensFetched,
      durationMs,
      notificationsPerSecond: durationMs > 0 ? (this.finished / durationMs) * 1000 : 0,
      latencyMs: this.latencyMs(),
      acceptedCorrelationIds: this.acceptedCorrelationIds,
    };
  }

  private latencyMs(): LatencyMs {
    const atPercent = (percent: number): number => this.latencyMicros.percentile(percent) / 1000;
    return {
      p50: atPercent(50),
      p95: atPercent(95),
      p99: atPercent(99),
      p999: atPercent(99.9),
      max: this.latencyMicros.max / 1000,
    };
  }
}
