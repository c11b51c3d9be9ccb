import { expect } from 'vitest';
import { send, type Answer, type Call } from '../../support/http.js';
import { D1_CLIENT, notifyPath, type TestGateway } from '../../support/test-gateway.js';

export const CORRELATION_ID = 'a-use-case_42';

export interface NotifyCall {
  /** As they stand, not encoded. By default those of the registered token. */
  readonly merchantGatewayId?: string;
  readonly merchantId?: string;
  readonly tokenId?: string;
  /** The whole path, in place of the ids. */
  readonly path?: string;
  readonly method?: string;
  /** On top of a correlation id; null takes a header away. */
  readonly headers?: Readonly<Record<string, string | string[] | null>>;
  readonly body?: string | Buffer;
  readonly tls?: NonNullable<Call['tls']>;
}

/** What an answer says: status, whole body, and all headers but those of the transport. */
export interface Seen {
  readonly status: number;
  readonly headers: object;
  readonly body: unknown;
}

/** Calls notify-update; what is not said is right, but there is no access token. */
export async function notify(gateway: TestGateway, call: NotifyCall = {}): Promise<Seen> {
  const { merchantGatewayId, merchantId, tokenId, method = 'POST', body, tls } = call;
  const path = call.path ?? notifyPath(merchantGatewayId, merchantId, tokenId);
  const headers = Object.entries({ 'x-correlation-id': CORRELATION_ID, ...call.headers });
  return seen(
    await send(gateway.url, path, {
      method,
      headers: Object.fromEntries(headers.flatMap(([name, value]) => (value === null ? [] : [[name, value]]))),
      ...(body !== undefined && { body }),
      ...(tls && { tls }),
    }),
  );
}

export type Notify = (call?: NotifyCall) => Promise<Seen>;

/** Notifies with an access token of that client. */
export async function notifyAs(gateway: TestGateway, clientId: string = D1_CLIENT): Promise<Notify> {
  const authorization = `Bearer ${await gateway.accessToken(clientId)}`;
  return (call = {}) => notify(gateway, { ...call, headers: { authorization, ...call.headers } });
}

export function seen({ status, headers, body }: Answer): Seen {
  const { date: _1, connection: _2, 'keep-alive': _3, 'content-length': _4, ...more } = headers;
  // On every answer (src/http/security-headers.ts).
  const { 'x-content-type-options': sniffing, ...others } = more;
  if (sniffing !== 'nosniff') throw new Error('An answer without X-Content-Type-Options');
  return { status, headers: others, body: body === '' ? '' : (JSON.parse(body) as unknown) };
}

/** A version 4 UUID: an id that the gateway has made up. */
export const MADE_UP = expect.stringMatching(
  /^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/,
) as string;
