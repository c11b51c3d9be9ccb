import { readFileSync } from 'node:fs';
import { errors, Pool } from 'undici';
import type { D1ClientOptions } from './d1-client-options.js';

const MEBIBYTE = 1024 * 1024;

export interface ChannelRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Under the base URL, from its slash on. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface ChannelAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

/** No answer, or one that is too large. */
export class ChannelError extends Error {
  override readonly name = 'ChannelError';

  constructor(
    message: string,
    /** Nothing has been sent. */
    readonly isUnsent: boolean,
    readonly isTooLarge: boolean,
  ) {
    super(message);
  }
}

/** Codes of failures to connect. */
const UNSENT = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
]);

/** Connections to D1 over mutual TLS. */
export class Channel {
  private readonly pool: Pool;
  private readonly prefix: string;
  private readonly timeoutMs: number;

  constructor({ baseUrl, tls, connections = 8, timeoutMs = 5000, maxResponseBytes = MEBIBYTE }: D1ClientOptions) {
    const url = new URL(baseUrl);
    this.prefix = url.pathname.replace(/\/+$/, '');
    this.timeoutMs = timeoutMs;
    this.pool = new Pool(url.origin, {
      connections,
      maxResponseSize: maxResponseBytes,
      // One timer for the whole try (see send): undici's own are per phase.
      headersTimeout: 0,
      bodyTimeout: 0,
      connect: {
        timeout: timeoutMs,
        cert: readFileSync(tls.certFile),
        key: readFileSync(tls.keyFile),
        ...(tls.caFile && { ca: readFileSync(tls.caFile) }),
      },
    });
  }

  /**
   * One try.
   *
   * @throws ChannelError if there is no answer; the signal's reason, if it is aborted
   */
  async send({ method, path, headers, body }: ChannelRequest, signal: AbortSignal): Promise<ChannelAnswer> {
    signal.throwIfAborted();
    const limit = new AbortController();
    const timer = setTimeout(() => limit.abort(new Error(`no answer within ${this.timeoutMs} ms`)), this.timeoutMs);
    const abort = (): void => limit.abort(signal.reason);
    signal.addEventListener('abort', abort, { once: true });
    try {
      const request = { method, path: this.prefix + path, headers, body: body ?? null, signal: limit.signal };
      const answer = await this.pool.request(request);
      return { status: answer.statusCode, headers: answer.headers, body: await answer.body.text() };
    } catch (error) {
      signal.throwIfAborted();
      throw toChannelError(error);
    } finally {
      clearTimeout(timer);
      signal.removeEventListener('abort', abort);
    }
  }

  /** Closes the connections, after the calls in flight. */
  async close(): Promise<void> {
    if (!this.pool.closed && !this.pool.destroyed) await this.pool.close();
  }
}

/** The error of the library is not passed on: nobody knows what the next version hangs on it. */
function toChannelError(error: unknown): ChannelError {
  // A name with several addresses fails with one error an address.
  if (error instanceof AggregateError) return toChannelError(error.errors[0]);
  const { code = '', message } = error as NodeJS.ErrnoException;
  const isTooLarge = error instanceof errors.ResponseExceededMaxSizeError;
  return new ChannelError(message, UNSENT.has(code), isTooLarge);
}
