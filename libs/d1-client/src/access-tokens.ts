import { Logger } from '@nestjs/common';
import type { AssertionSigner } from './assertion.js';
import { D1Error } from './d1-error.js';
import { callWithRetries, type CallContext } from './retried-call.js';

/** RFC 7523, section 2.1. */
const GRANT_TYPE = 'urn:ietf:params:oauth:grant-type:jwt-bearer';
/** What D1's access tokens live for, where the answer does not say. */
const DEFAULT_TTL_SECONDS = 900;
/** Renewed so long before the end, so that none ends on its way; of a short life, a tenth. */
const RENEWAL_MARGIN_MS = 30_000;

/** The access token the gateway holds at D1: one at a time, used until it nears its end. */
export class AccessTokens {
  private kept: { readonly value: string; readonly renewAtMs: number } | undefined;
  private inFlight: Promise<string> | undefined;
  private readonly logger = new Logger('D1Client');

  constructor(
    private readonly signer: AssertionSigner,
    private readonly path: string,
    /** Its signal ends with the client, not with a caller: others wait for the same request. */
    private readonly context: CallContext,
  ) {}

  /**
   * The kept one, or a new one; callers that need a new one at the same time share one request.
   *
   * @throws D1Error of kind `unavailable` if there is none to be had; the signal's reason, if it is aborted before
   */
  async get(signal: AbortSignal): Promise<string> {
    signal.throwIfAborted();
    if (this.kept && this.context.clock.nowMs() < this.kept.renewAtMs) return this.kept.value;
    this.inFlight ??= this.fetch().finally(() => (this.inFlight = undefined));
    return untilAborted(this.inFlight, signal);
  }

  /** D1 answered 401 to it. A newer one stays. */
  discard(value: string): void {
    if (this.kept?.value === value) this.kept = undefined;
  }

  private async fetch(): Promise<string> {
    // From before the request on: D1's count may have begun at any time during it.
    const askedAtMs = this.context.clock.nowMs();
    const body = JSON.stringify({ grant_type: GRANT_TYPE, assertion: await this.signer.sign(askedAtMs) });
    const headers = { 'content-type': 'application/json', accept: 'application/json' };
    const request = { method: 'POST', path: this.path, headers, body } as const;
    try {
      const answer = await callWithRetries(request, true, this.context);
      const { value, ttlMs } = readAccessToken(answer.body, this.path);
      this.kept = { value, renewAtMs: askedAtMs + ttlMs - Math.min(RENEWAL_MARGIN_MS, ttlMs / 10) };
      return value;
    } catch (error) {
      throw error instanceof D1Error ? this.notToBeHad(error) : error;
    }
  }

  /**
   * A caller takes kind and status for those of its own call: a 404 here would say to it that D1 knows the token no more,
   * and a 401 for a key that has been replaced that it need not ask again. Nobody's call has been made; it may be, later.
   */
  private notToBeHad({ kind, message, status, retryAfterMs }: D1Error): D1Error {
    // It does not pass by itself: a key, a certificate, a path is wrong.
    if (kind !== 'unavailable' || status === 401) {
      const problem = { cause: message, ...(status !== undefined && { status }) };
      this.logger.error({
        msg: 'D1 gives no access token: nothing can be asked of it until that is mended',
        ...problem,
      });
    }
    return new D1Error('unavailable', message, retryAfterMs === undefined ? {} : { retryAfterMs });
  }
}

function readAccessToken(body: string, path: string): { value: string; ttlMs: number } {
  const { access_token: value, expires_in: ttlSeconds = DEFAULT_TTL_SECONDS } = parse(body);
  if (typeof value !== 'string' || value === '') {
    throw new D1Error('malformed', `POST ${path} at D1: the answer has no access_token`);
  }
  // Some servers write the number as a text.
  const ttlMs = Number(ttlSeconds) * 1000;
  return { value, ttlMs: ttlMs > 0 ? ttlMs : DEFAULT_TTL_SECONDS * 1000 };
}

function parse(body: string): Record<string, unknown> {
  try {
    return (JSON.parse(body) ?? {}) as Record<string, unknown>;
  } catch {
    return {};
  }
}

/** The promise goes on for others. */
async function untilAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  let abort = (): void => {};
  const aborted = new Promise<never>((_, reject) => {
    abort = () => reject(signal.reason as Error);
    signal.addEventListener('abort', abort, { once: true });
  });
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}
