/** One notify-update call, checked and ready to be recorded. */
export interface IncomingCall {
  /** UUIDv7: becomes the id of whatever record is made of the call. */
  readonly id: string;
  readonly merchantGatewayId: string;
  readonly merchantId: string;
  readonly tokenId: string;
  readonly correlationId: string;
  readonly clientId: string | null;
  /** Whether the caller may act for that merchant gateway; if not, the call is treated as if it were unknown. */
  readonly mayAct: boolean;
  /** The JSON body as it came. */
  readonly payload: string | null;
  readonly receivedAtMs: number;
}
