import { setMaxListeners } from 'node:events';
import { AccessTokenSource, type ClientCredentials } from './access-token-source.js';
import { systemClock, type Clock } from './clock.js';
import { D1Channel, type TlsOptions } from './d1-channel.js';
import { DEFAULT_RETRY_POLICY, type RetryPolicy } from './retry-decision.js';
import type { RetryContext } from './retry-loop.js';

/** How D1 reaches a gateway. */
export interface SessionOptions {
  /** Where the gateway listens, e.g. `http://127.0.0.1:3000`; a path is kept as a prefix. */
  readonly baseUrl: string;
  /** Undefined: notifications carry no bearer token, for a gateway that does not use OAuth. */
  readonly credentials?: ClientCredentials;
  readonly tls?: TlsOptions;
  /** Time-out of a single HTTP request, from sending it to the end of its answer. Default: 10,000. */
  readonly timeoutMs?: number;
  /** What differs from {@link DEFAULT_RETRY_POLICY}. */
  readonly retry?: Partial<RetryPolicy>;
  /** Default: the machine's. */
  readonly clock?: Clock;
}

/** The parts that D1 works with, put together. */
export interface Session {
  readonly channel: D1Channel;
  readonly retry: RetryContext;
  /** Undefined if the session has no credentials. */
  readonly accessTokens: AccessTokenSource | undefined;
}

/**
 * Puts a session together; nothing is sent yet. The caller closes its channel.
 *
 * @param signal ends everything that the session has under way
 * @throws TypeError if the base URL is none
 */
export function openSession(options: SessionOptions, connections: number, signal: AbortSignal): Session {
  const { baseUrl, credentials, tls, timeoutMs = 10_000, clock = systemClock } = options;
  // Each connection that waits for its next try listens.
  setMaxListeners(0, signal);
  const channel = new D1Channel({ baseUrl, tls, connections, timeoutMs, signal });
  const retry = { policy: { ...DEFAULT_RETRY_POLICY, ...options.retry }, clock, signal };
  return { channel, retry, accessTokens: credentials && new AccessTokenSource(channel, credentials, retry) };
}
