import { CORRELATION_ID } from '@gateway/d1-contract';
import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

/** What came in `x-correlation-id`: its value where it is well-formed, and whether it was. */
export type ReceivedCorrelationId =
  | { readonly state: 'absent' }
  | { readonly state: 'malformed' }
  | { readonly state: 'present'; readonly value: string };

export function receivedCorrelationId({ headers }: Pick<IncomingMessage, 'headers'>): ReceivedCorrelationId {
  const value = headers['x-correlation-id'];
  if (value === undefined) return { state: 'absent' };
  return typeof value === 'string' && CORRELATION_ID.pattern.test(value)
    ? { state: 'present', value }
    : { state: 'malformed' };
}

/**
 * The id under which a request is logged and answered: the caller's, or one made here. A malformed one is never
 * repeated, neither to the log nor to the caller. It is not unique and identifies nothing.
 */
export function correlationIdFor(request: Pick<IncomingMessage, 'headers'>): string {
  const received = receivedCorrelationId(request);
  return received.state === 'present' ? received.value : randomUUID();
}
