import { ACCESS_TOKEN_PATH } from '@gateway/d1-contract';
import { AccessTokenError } from './access-token-error.js';
import { parseAccessToken, type AccessToken } from './access-token.js';
import type { D1Channel } from './d1-channel.js';
import { errorText } from './error-text.js';
import { tryUntilFinal, type FinalTry, type RetryContext } from './retry-loop.js';

/** What D1 was given at onboarding to ask for access tokens. */
export interface ClientCredentials {
  readonly clientId: string;
  readonly clientSecret: string;
  /** Scope to ask for, space-delimited. Default: none, so that the gateway grants its default. */
  readonly scope?: string;
  /** Path of the token URL under the base URL. Default: {@link ACCESS_TOKEN_PATH}. */
  readonly path?: string;
}

/**
 * The access token that D1 holds: one at a time, kept until it nears its end. Callers that need a new one at the
 * same time share one request. 503 and lost connections are tried again; any other refusal is final.
 *
 * @example
 * const accessTokens = new AccessTokenSource(channel, { clientId: 'is_tbank01', clientSecret }, retry);
 * const { value } = await accessTokens.get();
 */
export class AccessTokenSource {
  private kept: { readonly accessToken: AccessToken; readonly renewAtMs: number } | undefined;
  private inFlight: Promise<AccessToken> | undefined;
  private count = 0;

  constructor(
    private readonly channel: D1Channel,
    private readonly credentials: ClientCredentials,
    private readonly retry: RetryContext,
  ) {}

  /** Access tokens fetched so far. */
  get fetched(): number {
    return this.count;
  }

  /**
   * The kept access token, or a new one.
   *
   * @throws AccessTokenError if none is to be had; the next call asks anew
   */
  get(): Promise<AccessToken> {
    if (this.kept && this.retry.clock.now() < this.kept.renewAtMs) return Promise.resolve(this.kept.accessToken);
    this.inFlight ??= this.fetch().finally(() => (this.inFlight = undefined));
    return this.inFlight;
  }

  /** The gateway answered 401 to this access token: keep it no longer. A newer one stays. */
  discard(accessToken: AccessToken): void {
    if (this.kept?.accessToken === accessToken) this.kept = undefined;
  }

  private async fetch(): Promise<AccessToken> {
    // From sending on, not from the answer: the gateway's count may have begun at any time between.
    let sentAtMs = 0;
    const final = await tryUntilFinal(() => {
      sentAtMs = this.retry.clock.now();
      return this.channel.post(this.request());
    }, this.retry);

    const accessToken = this.read(final);
    this.count++;
    this.kept = { accessToken, renewAtMs: sentAtMs + lifeMs(accessToken) - renewalMarginMs(accessToken) };
    return accessToken;
  }

  private request() {
    const { clientId, clientSecret, scope, path = ACCESS_TOKEN_PATH } = this.credentials;
    const basic = Buffer.from(`${clientId}:${clientSecret}`).toString('base64');
    return {
      path,
      headers: { authorization: `Basic ${basic}`, 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({ grant_type: 'client_credentials', ...(scope && { scope }) }).toString(),
    };
  }

  private read({ last, attempts }: FinalTry): AccessToken {
    const { path = ACCESS_TOKEN_PATH, clientId } = this.credentials;
    const failed = `No access token for client ${clientId} from ${path}`;
    if (!last.answered) {
      throw new AccessTokenError('unavailable', `${failed}: ${last.reason} (tried ${attempts} times)`);
    }
    const { status, body } = last;
    if (status !== 200) {
      const kind = status === 503 ? 'unavailable' : 'refused';
      const detail = errorText(body);
      throw new AccessTokenError(kind, `${failed}: ${status}${detail && ` (${detail})`}`, status);
    }
    try {
      return parseAccessToken(body);
    } catch (error) {
      throw new AccessTokenError('malformed', `${failed}: ${(error as Error).message}`, status);
    }
  }
}

const lifeMs = ({ expiresInSeconds }: AccessToken): number => expiresInSeconds * 1000;

/** Renewed before it ends, so that none expires on its way: 30 s, or a tenth of a short life. */
const renewalMarginMs = (accessToken: AccessToken): number => Math.min(30_000, lifeMs(accessToken) / 10);
