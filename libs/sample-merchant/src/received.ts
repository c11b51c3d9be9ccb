import type { TokenUpdatedEvent } from '@gateway/merchant-kit';

/** A webhook that the gateway signed, as it came in. */
export interface ReceivedWebhook {
  /** Milliseconds since the Unix epoch. */
  readonly atMs: number;
  /** `webhook-id`: the same over all tries of one delivery. */
  readonly webhookId: string;
  readonly event: TokenUpdatedEvent;
  /** One with this `webhook-id` came in before, however that was answered. */
  readonly duplicate: boolean;
  /** One of the same token with a higher `sequence` came in before: this one tells nothing new. */
  readonly outOfOrder: boolean;
  /** The status it gets; undefined for no answer at all. */
  readonly answer: number | undefined;
}

/** A request that is no webhook of the gateway. */
export interface RefusedRequest {
  /** Milliseconds since the Unix epoch. */
  readonly atMs: number;
  /** 401: not signed with the secret, or too long ago. 400: signed, but no event. 405: not a POST. 413: too large. */
  readonly answer: 400 | 401 | 405 | 413;
  /** For people, on one line. */
  readonly reason: string;
}
