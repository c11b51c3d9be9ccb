import type { TokenUpdatedEvent } from '@gateway/merchant-kit';

/** An event, and its payload apart from it: JSON text as D1 sent it, so that nothing is lost in reading and writing it. */
export interface OutgoingEvent {
  /** Without the payload. */
  readonly event: TokenUpdatedEvent;
  readonly payloadJson: string | null;
  /** What a mapper has made of it, to be sent in its place. */
  readonly json?: string;
}

/** The event as JSON, its payload to the letter: digits that no number here can hold, any depth; or what was made of it. */
export function eventJson({ event, payloadJson, json }: OutgoingEvent): string {
  if (json !== undefined) return json;
  if (payloadJson === null) return JSON.stringify(event);
  const { data, ...envelope } = event;
  const head = JSON.stringify(envelope).slice(0, -1);
  return `${head},"data":${JSON.stringify(data).slice(0, -1)},"payload":${payloadJson}}}`;
}

/** The event with its payload as a value; a payload that cannot be read is left out: the token has changed all the same. */
export function eventWithPayload({ event, payloadJson }: OutgoingEvent): TokenUpdatedEvent {
  if (payloadJson === null) return event;
  try {
    return { ...event, data: { ...event.data, payload: JSON.parse(payloadJson) as unknown } };
  } catch {
    return event;
  }
}
