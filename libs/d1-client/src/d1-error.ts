/** Why D1 did not give what was asked for. */
export type D1ErrorKind =
  /** An answer to the call that asking again does not change: 3xx, and 4xx but 401 and 429. */
  | 'refused'
  /**
   * No answer in time, no connection, 429 or 5xx; no access token to be had, or one that D1 does not take (401): later it
   * may work.
   */
  | 'unavailable'
  /** A good status with a body that cannot be used: too large, no JSON, or not what the mapping expects. */
  | 'malformed';

/**
 * A call to D1 failed. The message says which and why on one line; it holds no access token, assertion, key, header or
 * body, and neither does `cause`.
 *
 * @example
 * ```ts
 * try {
 *   await client.request({ method: 'GET', path });
 * } catch (error) {
 *   if (!(error instanceof D1Error)) throw error;
 *   return error.kind === 'refused' ? refused(error.message) : retry({ reason: error.message });
 * }
 * ```
 */
export class D1Error extends Error {
  override readonly name = 'D1Error';
  /** HTTP status of the last answer to the call, if there was one; never of an answer to the request for an access token. */
  readonly status?: number;
  /** How long D1 asked to wait in that answer, in milliseconds. */
  readonly retryAfterMs?: number;

  constructor(
    readonly kind: D1ErrorKind,
    message: string,
    { status, retryAfterMs, cause }: { status?: number; retryAfterMs?: number; cause?: unknown } = {},
  ) {
    super(message, cause === undefined ? undefined : { cause });
    if (status !== undefined) this.status = status;
    if (retryAfterMs !== undefined) this.retryAfterMs = retryAfterMs;
  }
}
