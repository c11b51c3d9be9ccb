/** Latency of single HTTP tries that were answered, in milliseconds; all 0 if none was. */
export interface LatencyMs {
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  readonly p999: number;
  readonly max: number;
}

/** What a run came to. */
export interface RunResult {
  /** Notifications that were asked for. */
  readonly requested: number;
  /** Those that came to an end: the sum of `answersByStatus` and `unanswered`. Fewer than requested if the run was ended early. */
  readonly finished: number;
  /** Final answers, counted by status. */
  readonly answersByStatus: Readonly<Record<number, number>>;
  /** Notifications given up with no answer to their last try. */
  readonly unanswered: number;
  /** Tries of notifications after their first one. */
  readonly retries: number;
  /** Tries of notifications that got no answer: connection refused or lost, time-out. */
  readonly connectionFailures: number;
  readonly accessTokensFetched: number;
  readonly durationMs: number;
  /** Finished ones, over the whole duration, waits included. */
  readonly notificationsPerSecond: number;
  readonly latencyMs: LatencyMs;
  /** Correlation ids of the notifications that got 204, in the order of their answers. */
  readonly acceptedCorrelationIds: readonly string[];
}
