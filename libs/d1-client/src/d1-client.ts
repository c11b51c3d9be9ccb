import { AccessTokens } from './access-tokens.js';
import { AssertionSigner } from './assertion.js';
import { Channel, type ChannelAnswer, type ChannelRequest } from './channel.js';
import { systemClock } from './clock.js';
import { checkOptions, DEFAULT_TOKEN_PATH, type D1ClientOptions } from './d1-client-options.js';
import { D1Error } from './d1-error.js';
import { D1Response } from './d1-response.js';
import { callWithRetries, type CallContext } from './retried-call.js';
import { DEFAULT_RETRY_POLICY } from './retry-decision.js';

/** A call to D1. */
export interface D1Request {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Under the base URL, from its slash on, percent-encoded where need be. */
  readonly path: string;
  /** Besides `Authorization`, `Accept` and `Content-Type`, which are the client's. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON. */
  readonly body?: unknown;
  /** Whether sending it twice is as good as once. Default: true, unless the method is POST. */
  readonly isIdempotent?: boolean;
}

/**
 * Calls D1 as a merchant gateway: over mutual TLS, with an access token that is obtained once and used until it nears its
 * end. Made once and shared; safe for any number of callers at a time.
 *
 * @example
 * ```ts
 * const client = new D1Client({
 *   baseUrl: 'https://api.d1.thalescloud.io',
 *   merchantGatewayId: 'MGW_000001',
 *   signingKeyFile: '/run/secrets/d1-signing-key.pem',
 *   tls: { certFile: '/run/secrets/d1-client.pem', keyFile: '/run/secrets/d1-client.key' },
 * });
 * const response = await client.request({ method: 'GET', path: '/the/path/agreed/with/thales' }, signal);
 * const state = response.json<{ state: string }>();
 * await client.close();
 * ```
 */
export class D1Client {
  private readonly channel: Channel;
  private readonly context: Omit<CallContext, 'signal'>;
  private readonly accessTokens: AccessTokens;
  private readonly closing = new AbortController();

  /**
   * Reads the files of `tls`; connects to nobody yet.
   *
   * @throws TypeError or RangeError that names the first option at fault; Error if a file of `tls` cannot be read
   */
  constructor(options: D1ClientOptions) {
    checkOptions(options);
    this.channel = new Channel(options);
    this.context = {
      channel: this.channel,
      policy: { ...DEFAULT_RETRY_POLICY, ...options.retry },
      clock: options.clock ?? systemClock,
    };
    this.accessTokens = new AccessTokens(new AssertionSigner(options), options.tokenPath ?? DEFAULT_TOKEN_PATH, {
      ...this.context,
      signal: this.closing.signal,
    });
  }

  /**
   * A call, tried again as is right: where nothing was sent, on 429 and 503 after what `Retry-After` asks for, on other 5xx
   * and lost connections if it may be repeated; never on other 4xx. A 401 drops the access token, once, and the call is made with a new one.
   *
   * @param signal ends the call, waits included; give the one of the handler's context
   * @returns the answer, a 2xx
   * @throws D1Error for any other end; the signal's reason, if it is aborted
   */
  async request(request: D1Request, signal: AbortSignal = new AbortController().signal): Promise<D1Response> {
    const accessToken = await this.accessTokens.get(signal);
    try {
      return await this.send(request, accessToken, signal);
    } catch (error) {
      if (!(error instanceof D1Error) || error.status !== 401) throw error;
    }
    this.accessTokens.discard(accessToken);
    return this.send(request, await this.accessTokens.get(signal), signal);
  }

  /** Closes the connections, after the calls in flight; a request for an access token is given up. */
  async close(): Promise<void> {
    this.closing.abort(new Error('The D1 client is closed'));
    await this.channel.close();
  }

  private async send(request: D1Request, accessToken: string, signal: AbortSignal): Promise<D1Response> {
    const { method, path, isIdempotent = method !== 'POST' } = request;
    const answer: ChannelAnswer = await callWithRetries(toChannelRequest(request, accessToken), isIdempotent, {
      ...this.context,
      signal,
    });
    return new D1Response(`${method} ${path}`, answer);
  }
}

function toChannelRequest({ method, path, headers, body }: D1Request, accessToken: string): ChannelRequest {
  return {
    method,
    path,
    headers: {
      ...headers,
      accept: 'application/json',
      authorization: `Bearer ${accessToken}`,
      ...(body !== undefined && { 'content-type': 'application/json' }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  };
}
