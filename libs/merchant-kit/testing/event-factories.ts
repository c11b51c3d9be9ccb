import type { HandlerContext, HandlerLogger, TokenUpdate, TokenUpdatedEvent } from '@gateway/merchant-kit';
import { randomUUID } from 'node:crypto';

/** What a test says of an event; the rest is made up. */
export type EventParts = Partial<TokenUpdate>;

/**
 * An event as the gateway makes them: `token-1`, sequence 1, of the example merchant, unless told otherwise.
 *
 * @example
 * ```ts
 * const event = tokenUpdatedEvent({ tokenId: 'token-7', sequence: 3 });
 * ```
 */
export function tokenUpdatedEvent(parts: EventParts = {}): TokenUpdatedEvent {
  const receivedAt = parts.receivedAt ?? new Date().toISOString();
  return {
    type: 'token.updated',
    timestamp: receivedAt,
    data: {
      notificationId: randomUUID(),
      merchantGatewayId: 'MGW_000001',
      merchantId: '10610027312',
      tokenId: 'token-1',
      sequence: 1,
      correlationId: randomUUID(),
      ...parts,
      receivedAt,
    },
  };
}

const SILENT: HandlerLogger = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

/**
 * The context of a first try of an event, with a signal that nothing aborts and a logger that says nothing, unless told
 * otherwise.
 *
 * @example
 * ```ts
 * const outcome = await handler.handle(event, handlerContext(event, { attempt: 2 }));
 * ```
 */
export function handlerContext({ data }: TokenUpdatedEvent, parts: Partial<HandlerContext> = {}): HandlerContext {
  return {
    deliveryId: randomUUID(),
    attempt: 1,
    sequence: data.sequence,
    signal: new AbortController().signal,
    logger: SILENT,
    ...parts,
  };
}
