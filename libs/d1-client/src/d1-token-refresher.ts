import type { D1Client, D1Request } from './d1-client.js';
import { D1Error } from './d1-error.js';

const NOT_FOUND = 404;

/** The part of a notification's event that says which token has changed; the merchant kit's `TokenUpdatedEvent` has it. */
export interface TokenEvent {
  readonly data: {
    readonly merchantGatewayId: string;
    readonly merchantId: string;
    readonly tokenId: string;
  };
}

/** What D1's documents leave to each tenant: where a token's state is, and how it is read. */
export interface D1TokenRefresherOptions<State, Event extends TokenEvent = TokenEvent> {
  readonly client: Pick<D1Client, 'request'>;
  /** The call that fetches the state: a path, or a whole request where GET is not it. */
  readonly request: (event: Event) => string | D1Request;
  /**
   * Makes the team's state of D1's answer. Called with the parsed body; should check what it takes.
   *
   * @throws anything, if the answer is not what it should be: `refresh` then throws a `D1Error` of kind `malformed`
   */
  readonly map: (body: unknown, event: Event) => State;
}

/**
 * Fetches a token's new state after a notification, which says only that the token has changed: the merchant kit's
 * `TokenRefresher`, by D1.
 *
 * @example
 * ```ts
 * const cardRefresher = {
 *   provide: TokenRefresher,
 *   inject: [D1Client],
 *   useFactory: (client: D1Client) =>
 *     new D1TokenRefresher({
 *       client,
 *       request: ({ data }) => `/the/path/agreed/with/thales/${data.merchantId}/tokens/${data.tokenId}`,
 *       map: (body) => ({ state: (body as { state: string }).state }),
 *     }),
 * };
 * ```
 */
export class D1TokenRefresher<State, Event extends TokenEvent = TokenEvent> {
  constructor(private readonly options: D1TokenRefresherOptions<State, Event>) {}

  /**
   * The state as it is at D1 now: newer than the event, if the token has changed again meanwhile.
   *
   * @param options `signal` ends the call; the one of the handler's context, its deadline
   * @returns undefined where D1 answers 404: it does not know the token (any more)
   * @throws D1Error for any other end; the signal's reason, if it is aborted
   */
  async refresh(event: Event, { signal }: { readonly signal: AbortSignal }): Promise<State | undefined> {
    const { client, request, map } = this.options;
    const asked = request(event);
    const call: D1Request = typeof asked === 'string' ? { method: 'GET', path: asked } : asked;
    const response = await client.request(call, signal).catch(undefinedIfUnknown);
    if (!response) return undefined;
    const body = response.json();
    try {
      return map(body, event);
    } catch (cause) {
      const { status } = response;
      throw new D1Error('malformed', `${call.method} ${call.path} at D1: the answer is not as expected`, {
        status,
        cause,
      });
    }
  }
}

function undefinedIfUnknown(error: unknown): undefined {
  if (error instanceof D1Error && error.status === NOT_FOUND) return undefined;
  throw error;
}
