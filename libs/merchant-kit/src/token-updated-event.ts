/** What has changed, and when the gateway heard of it. */
export interface TokenUpdate {
  /** Of the notification: the same for all destinations of the merchant. */
  readonly notificationId: string;
  /** 10 characters, `MGW_…`. */
  readonly merchantGatewayId: string;
  /** 11 characters: the token requestor id. */
  readonly merchantId: string;
  /** 1 to 48 characters. */
  readonly tokenId: string;
  /** Grows from update to update of a token, with gaps: of two events, the one with the higher sequence is newer. */
  readonly sequence: number;
  /** D1's, for troubleshooting; not unique. */
  readonly correlationId: string;
  /** ISO 8601, UTC, with milliseconds. */
  readonly receivedAt: string;
  /** The JSON that D1 sent, if any. Nothing is known of its shape. */
  readonly payload?: unknown;
}

/**
 * "This token has changed, refresh it." D1 does not say how it has changed.
 *
 * @example
 * ```ts
 * const { tokenId, sequence } = event.data;
 * ```
 */
export interface TokenUpdatedEvent {
  /** Another kind of event would have another type. */
  readonly type: 'token.updated';
  /** When the notification was received: ISO 8601, UTC, with milliseconds. */
  readonly timestamp: string;
  /** Which token, and which of its updates. */
  readonly data: TokenUpdate;
}
