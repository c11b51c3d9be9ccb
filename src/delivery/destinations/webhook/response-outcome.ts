import { delivered, refused, retry } from '@gateway/merchant-kit';
import type { TryResult } from '../destination-sender.js';
import { retryAfterMs } from './retry-after.js';

/** Of an answer, all that counts. */
export interface WebhookAnswer {
  readonly statusCode: number;
  /** The header, as received. */
  readonly retryAfter: string | undefined;
}

const GONE = 410;
/** Too Many Requests and Service Unavailable. */
const THROTTLING = new Set([429, 503]);

export function responseOutcome({ statusCode, retryAfter }: WebhookAnswer, nowMs: number): TryResult {
  if (statusCode >= 200 && statusCode < 300) return { outcome: delivered(), statusCode };
  if (statusCode === GONE) {
    return { outcome: refused('answered 410: wants no more webhooks'), statusCode, disableDestination: true };
  }
  if (statusCode >= 300 && statusCode < 400) {
    return { outcome: retry({ reason: `answered ${statusCode}: redirects are not followed` }), statusCode };
  }
  const afterMs = THROTTLING.has(statusCode) ? retryAfterMs(retryAfter, nowMs) : undefined;
  const reason = `answered ${statusCode}`;
  return { outcome: { ...retry({ reason }), ...(afterMs !== undefined && { afterMs }) }, statusCode };
}
