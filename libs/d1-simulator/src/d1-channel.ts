import { errors, Pool } from 'undici';
import type { HttpTry } from './http-try.js';

/** Largest answer body that is read; a longer one counts as no answer. */
const MAX_ANSWER_BYTES = 64 * 1024;

/** PEM texts for mutual TLS, as of `node:tls`. */
export interface TlsOptions {
  /** Certificates to trust instead of the machine's own. */
  readonly ca?: string;
  /** D1's client certificate, with its chain. */
  readonly cert?: string;
  /** The private key of `cert`. */
  readonly key?: string;
}

export interface D1ChannelOptions {
  /** Where the gateway listens; a path is kept as a prefix: `https://gateway.example/d1`. */
  readonly baseUrl: string;
  /** Connections at most, and so requests at the same time. */
  readonly connections: number;
  /** From sending a request to the end of its answer, connecting included. */
  readonly timeoutMs: number;
  readonly tls?: TlsOptions;
  /** Aborting drops the requests in flight, and the channel with them. */
  readonly signal: AbortSignal;
}

export interface PostRequest {
  /** Path under the base URL, from its slash on. */
  readonly path: string;
  readonly headers: Record<string, string>;
  readonly body?: string;
}

/** The connections from D1 to one gateway. One request at a time on each of them, as HTTP/1.1 clients do. */
export class D1Channel {
  private readonly pool: Pool;
  private readonly prefix: string;
  private readonly drop = (): void => void this.pool.destroy();

  /** @throws TypeError if `baseUrl` is no URL */
  constructor(private readonly options: D1ChannelOptions) {
    const url = new URL(options.baseUrl);
    this.prefix = url.pathname.replace(/\/+$/, '');
    this.pool = new Pool(url.origin, {
      connections: options.connections,
      pipelining: 1,
      maxResponseSize: MAX_ANSWER_BYTES,
      // One timer for the whole request (see post): undici's own are per phase, and half a second coarse.
      headersTimeout: 0,
      bodyTimeout: 0,
      connect: { ...options.tls, timeout: options.timeoutMs },
    });
    options.signal.addEventListener('abort', this.drop, { once: true });
  }

  /** One POST. Failures of the network are values; it throws only if the request itself is unfit to be sent. */
  async post({ path, headers, body }: PostRequest): Promise<HttpTry> {
    const timeout = new AbortController();
    const { timeoutMs } = this.options;
    const timer = setTimeout(() => timeout.abort(new Error(`no answer within ${timeoutMs} ms`)), timeoutMs);
    const startedAt = performance.now();
    try {
      const answer = await this.pool.request({
        method: 'POST',
        path: this.prefix + path,
        headers,
        body: body ?? null,
        signal: timeout.signal,
      });
      const text = await answer.body.text();
      const latencyMicros = Math.max(1, Math.round((performance.now() - startedAt) * 1000));
      const retryAfter = answer.headers['retry-after'];
      return {
        answered: true,
        status: answer.statusCode,
        retryAfter: Array.isArray(retryAfter) ? retryAfter[0] : retryAfter,
        body: text,
        latencyMicros,
      };
    } catch (error) {
      if (error instanceof errors.InvalidArgumentError) throw error;
      return { answered: false, reason: reasonOf(error) };
    } finally {
      clearTimeout(timer);
    }
  }

  /** Closes the connections, after the requests in flight. */
  async close(): Promise<void> {
    this.options.signal.removeEventListener('abort', this.drop);
    if (!this.pool.destroyed) await this.pool.close();
  }
}

function reasonOf(error: unknown): string {
  // A name with several addresses (localhost) fails with one error an address.
  if (error instanceof AggregateError) return reasonOf(error.errors[0]);
  return error instanceof Error ? error.message : String(error);
}
