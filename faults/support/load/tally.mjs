/** What came of the requests of one phase. */
export class Tally {
  sent = 0;
  /** Due, and no connection was free. */
  notSent = 0;
  unanswered = 0;
  statuses = {};
  /** Of each status, how long after they were due the answers came. */
  latenciesMs = {};
  /** How long after they were due the requests were sent. */
  latenessMs = [];
  /** 503 without `Retry-After`. */
  withoutRetryAfter = 0;
  /** Correlation ids of what got 204. */
  acknowledged = [];
  /** When the last 204 came, in milliseconds since the phase began. */
  lastAcceptedMs = 0;
  /** When the last request was due that got 503, in milliseconds since the phase began. */
  lastRefusedMs = 0;

  constructor(startedMs) {
    this.startedMs = startedMs;
  }

  sends(dueMs, nowMs) {
    this.sent += 1;
    this.latenessMs.push(nowMs - dueMs);
  }

  answered({ status, saysWhen, request }, nowMs) {
    this.statuses[status] = (this.statuses[status] ?? 0) + 1;
    (this.latenciesMs[status] ??= []).push(nowMs - request.dueMs);
    if (status === '204') {
      this.acknowledged.push(request.id);
      this.lastAcceptedMs = nowMs - this.startedMs;
    } else if (status === '503') {
      this.lastRefusedMs = Math.max(this.lastRefusedMs, request.dueMs - this.startedMs);
      if (!saysWhen) this.withoutRetryAfter += 1;
    }
  }

  end(nowMs) {
    this.durationMs = nowMs - this.startedMs;
  }
}
