/** "This token has changed, refresh it." What every destination of a merchant gets, in whatever form. */
export interface TokenUpdatedEvent {
  readonly type: 'token.updated';
  /** When the notification was received: ISO 8601, UTC, with milliseconds. */
  readonly timestamp: string;
  readonly data: {
    readonly notificationId: string;
    readonly merchantGatewayId: string;
    readonly merchantId: string;
    readonly tokenId: string;
    /** 1, 2, 3 … for each token: of two events, the one with the higher sequence is newer. */
    readonly sequence: number;
    /** D1's, for troubleshooting; not unique. */
    readonly correlationId: string;
    /** ISO 8601, UTC, with milliseconds. */
    readonly receivedAt: string;
    /** The JSON that D1 sent, if any. */
    readonly payload?: unknown;
  };
}
