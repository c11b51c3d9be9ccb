const SECONDS = /^\d+$/;
const WEEKDAY = /^(Mon|Tue|Wed|Thu|Fri|Sat|Sun)/;

/**
 * What a `Retry-After` header asks for, in milliseconds from `nowMs` on (RFC 9110, section 10.2.3).
 * Undefined if the header is absent or neither a number of seconds nor an HTTP date; 0 if the date has passed.
 */
export function parseRetryAfter(header: string | undefined, nowMs: number): number | undefined {
  const value = header?.trim() ?? '';
  if (SECONDS.test(value)) return Number(value) * 1000;
  if (!WEEKDAY.test(value)) return undefined;

  // The oldest of the three forms of RFC 9110, section 5.6.7 (asctime) names no zone, and means GMT.
  const atMs = Date.parse(value.endsWith('GMT') ? value : `${value} GMT`);
  return Number.isNaN(atMs) ? undefined : Math.max(0, atMs - nowMs);
}
