/** Error codes of D1's outbound interface. D1 itself acts on the status alone; the code is for people and logs. */
export const D1ErrorCode = {
  /** 400: JSON not well formed, or a field off its documented format (the first one found). */
  FieldInvalidFormat: 'FIELD_INVALID_FORMAT',
  /** 404: the merchant is not one of that merchant gateway. */
  UnknownMerchant: 'UNKNOWN_MERCHANT',
  /** 404: the token is not one of that merchant. */
  UnknownToken: 'UNKNOWN_TOKEN',
  /** 500: the merchant refused the update for good. */
  MerchantError: 'MERCHANT_ERROR',
  /** 500: the gateway failed in a way that no retry can mend. */
  InternalError: 'INTERNAL_ERROR',
} as const;

export type D1ErrorCode = (typeof D1ErrorCode)[keyof typeof D1ErrorCode];

/** Error values of the token endpoint (RFC 6749, section 5.2). */
export const OAuthErrorCode = {
  InvalidRequest: 'invalid_request',
  InvalidClient: 'invalid_client',
  UnsupportedGrantType: 'unsupported_grant_type',
  InvalidScope: 'invalid_scope',
  /** RFC 6750, section 3.1: of introspection, which is asked with an access token. */
  InvalidToken: 'invalid_token',
  InsufficientScope: 'insufficient_scope',
  /** Not of RFC 6749: carried by 429 and 503, on whose status alone a client acts. */
  SlowDown: 'slow_down',
  TemporarilyUnavailable: 'temporarily_unavailable',
} as const;

export type OAuthErrorCode = (typeof OAuthErrorCode)[keyof typeof OAuthErrorCode];
