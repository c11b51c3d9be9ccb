import { D1ErrorCode, OAuthErrorCode } from '@gateway/d1-contract';
import { Unavailable } from '../errors/common-errors.js';
import { DomainError, type PrivateDetail } from '../errors/domain-error.js';

export const REALM = 'd1-merchant-gateway';

/** 400 of the token endpoint (RFC 6749, section 5.2). */
export class InvalidAccessTokenRequest extends DomainError {
  readonly status = 400;
  readonly logLevel = 'debug';
  override readonly errorCode = D1ErrorCode.FieldInvalidFormat;
  override readonly oauthError: OAuthErrorCode;

  constructor(error: OAuthErrorCode, description: string) {
    super(description);
    this.oauthError = error;
  }
}

/** 401 of the token endpoint: the same for every reason. */
export class InvalidClient extends DomainError {
  readonly status = 401;
  readonly logLevel = 'warn';
  override readonly oauthError = OAuthErrorCode.InvalidClient;
  override readonly headers = { 'WWW-Authenticate': `Basic realm="${REALM}", charset="UTF-8"` };

  constructor(privately?: PrivateDetail) {
    super('Client authentication failed', privately);
  }
}

/** 503: so many secrets are waiting to be checked that no more are. */
export class HashingBusy extends Unavailable {
  constructor(detail = 'Too many secrets are waiting to be hashed') {
    super({ detail });
  }
}

/** 503: so many of one address are. */
export class AddressBusy extends HashingBusy {
  constructor() {
    super('Too many secrets of one address are waiting to be hashed');
  }
}

/** 429: one address has guessed wrongly too often. */
export class TooManyGuesses extends DomainError {
  readonly status = 429;
  readonly logLevel = 'warn';
  override readonly oauthError = OAuthErrorCode.SlowDown;
  override readonly headers: Readonly<Record<string, string>>;

  constructor(retryAfterSeconds: number) {
    super('Too many failed attempts');
    this.headers = { 'Retry-After': String(retryAfterSeconds) };
  }
}

/** 401 of everything that wants an access token (RFC 6750, section 3). The contract's status for a wrong scope, too. */
export class Unauthorized extends DomainError {
  readonly status = 401;
  readonly logLevel = 'warn';
  override readonly headers: Readonly<Record<string, string>>;
  override readonly oauthError: OAuthErrorCode;

  constructor(error: 'invalid_token' | 'insufficient_scope', privately?: PrivateDetail) {
    super('The access token is missing or not valid', privately);
    this.oauthError = error;
    this.headers = { 'WWW-Authenticate': `Bearer realm="${REALM}", error="${error}"` };
  }
}
