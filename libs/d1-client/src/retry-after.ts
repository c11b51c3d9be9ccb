const SECONDS = /^\d{1,9}$/;
/** RFC 9110, section 5.6.7: the form that is sent. */
const HTTP_DATE = /^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/;

/** What a `Retry-After` asks for, in milliseconds from `nowMs` on (RFC 9110, section 10.2.3); undefined if not understood. */
export function retryAfterMs(header: string | undefined, nowMs: number): number | undefined {
  const value = header?.trim() ?? '';
  if (SECONDS.test(value)) return Number(value) * 1000;
  return HTTP_DATE.test(value) ? Math.max(0, Date.parse(value) - nowMs) : undefined;
}
