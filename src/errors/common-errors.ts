import { D1ErrorCode, OAuthErrorCode } from '@gateway/d1-contract';
import { DomainError, type PrivateDetail } from './domain-error.js';

/** 400: the first field at fault. Not retryable. */
export class FieldInvalidFormat extends DomainError {
  readonly status = 400;
  readonly logLevel = 'debug';
  override readonly errorCode = D1ErrorCode.FieldInvalidFormat;
  override readonly oauthError = OAuthErrorCode.InvalidRequest;
}

/** 503: whatever may pass. The only answer that D1 retries, so it comes before any 500. */
export class Unavailable extends DomainError {
  readonly status = 503;
  readonly logLevel: 'warn' | 'error';
  override readonly oauthError = OAuthErrorCode.TemporarilyUnavailable;

  constructor(privately: PrivateDetail = {}, logLevel: 'warn' | 'error' = 'warn') {
    super('Not able to answer now', privately);
    this.logLevel = logLevel;
  }
}

/** What nobody foresaw is no reason for D1 to give up: it becomes a 503, and an error in the log. */
export function asDomainError(error: unknown): DomainError {
  return error instanceof DomainError ? error : new Unavailable({ cause: error }, 'error');
}
