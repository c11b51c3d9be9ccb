/** One HTTP request and what came of it. */
export type HttpTry = HttpAnswered | HttpUnanswered;

export interface HttpAnswered {
  readonly answered: true;
  readonly status: number;
  /** The `Retry-After` header as it came. */
  readonly retryAfter: string | undefined;
  readonly body: string;
  /** From sending the request to the end of the body, in whole microseconds, at least 1. */
  readonly latencyMicros: number;
}

export interface HttpUnanswered {
  readonly answered: false;
  /** For people: connection refused, connection lost, time-out, … */
  readonly reason: string;
}
