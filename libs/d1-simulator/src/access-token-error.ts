/** Why there is no access token. */
export type AccessTokenErrorKind =
  /** A final answer other than 200: wrong credentials, unknown scope, … Trying again cannot help. */
  | 'refused'
  /** 503 or no answer, as often as it was tried. */
  | 'unavailable'
  /** A 200 that is no access token. */
  | 'malformed';

/** No access token could be had. The message says from where and why, and holds no secret. */
export class AccessTokenError extends Error {
  override readonly name = 'AccessTokenError';

  constructor(
    readonly kind: AccessTokenErrorKind,
    message: string,
    /** HTTP status of the last answer, if there was one. */
    readonly status?: number,
  ) {
    super(message);
  }
}
