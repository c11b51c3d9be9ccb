import { randomUUID } from 'node:crypto';
import { notifyUpdatePath } from '@gateway/d1-contract';
import type { AccessTokenSource } from './access-token-source.js';
import type { D1Channel } from './d1-channel.js';
import { errorText } from './error-text.js';
import type { HttpTry } from './http-try.js';
import { tryUntilFinal, type RetryContext } from './retry-loop.js';

/** The token that a notification is about. */
export interface NotificationTarget {
  readonly merchantGatewayId: string;
  readonly merchantId: string;
  readonly tokenId: string;
}

/** How one notification ended. */
export interface NotificationAnswer {
  readonly target: NotificationTarget;
  /** The same on every try of this notification. */
  readonly correlationId: string;
  /** Status of the last try; undefined if that got no answer. */
  readonly status: number | undefined;
  /** Tries, the last included. */
  readonly attempts: number;
  /** What the error body said, or why there was no answer; empty on 204. For people. */
  readonly detail: string;
}

export interface NotifierOptions {
  /** Undefined: no bearer token, for a gateway that takes the network's or the certificate's word. */
  readonly accessTokens?: AccessTokenSource;
  /** JSON text to send along; D1 documents no body. It goes out as it is, well formed or not. */
  readonly payload?: string;
  readonly retry: RetryContext;
  /** Called after each single try, the first is 1; not after one that an abort cut short. */
  readonly onTry?: (tried: HttpTry, attempt: number) => void;
}

/** Sends "Notify token update" as D1 does. */
export class Notifier {
  constructor(
    private readonly channel: D1Channel,
    private readonly options: NotifierOptions,
  ) {}

  /**
   * One notification, tried until its answer is final. D1 gives up on a 401 too; only the next notification comes
   * with a new access token.
   *
   * @throws AccessTokenError if there is no access token to send it with
   * @throws the signal's reason, if it is aborted first
   */
  async notify(target: NotificationTarget): Promise<NotificationAnswer> {
    const { retry, onTry } = this.options;
    const correlationId = randomUUID();
    const { last, attempts } = await tryUntilFinal(() => this.send(target, correlationId), retry, onTry);

    return {
      target,
      correlationId,
      status: last.answered ? last.status : undefined,
      attempts,
      detail: last.answered ? errorText(last.body) : last.reason,
    };
  }

  private async send(target: NotificationTarget, correlationId: string): Promise<HttpTry> {
    const { accessTokens, payload } = this.options;
    const accessToken = await accessTokens?.get();
    const tried = await this.channel.post({
      path: pathOf(target),
      headers: {
        'x-correlation-id': correlationId,
        ...(accessToken && { authorization: `Bearer ${accessToken.value}` }),
        ...(payload !== undefined && { 'content-type': 'application/json' }),
      },
      ...(payload !== undefined && { body: payload }),
    });
    if (accessToken && tried.answered && tried.status === 401) accessTokens?.discard(accessToken);
    return tried;
  }
}

/** Ids on their pattern need no encoding; with it, one off its pattern can be sent to provoke the 400. */
function pathOf({ merchantGatewayId, merchantId, tokenId }: NotificationTarget): string {
  return notifyUpdatePath(
    encodeURIComponent(merchantGatewayId),
    encodeURIComponent(merchantId),
    encodeURIComponent(tokenId),
  );
}
