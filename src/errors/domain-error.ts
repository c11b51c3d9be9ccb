import type { D1ErrorCode, OAuthErrorCode } from '@gateway/d1-contract';

export type ErrorLogLevel = 'debug' | 'warn' | 'error';

export interface PrivateDetail {
  /** For the log; never leaves the server. */
  readonly detail?: string;
  readonly cause?: unknown;
}

/**
 * What can go wrong, in the contract's terms. `message` is public: it is sent to the caller. What only the log
 * may know goes into `detail` and `cause`.
 */
export abstract class DomainError extends Error {
  abstract readonly status: 400 | 401 | 404 | 409 | 412 | 429 | 500 | 503;
  abstract readonly logLevel: ErrorLogLevel;
  readonly errorCode?: D1ErrorCode;
  /** What the token endpoint calls it (RFC 6749, section 5.2). */
  readonly oauthError?: OAuthErrorCode;
  /** Response headers that belong to this error. */
  readonly headers: Readonly<Record<string, string>> = {};
  readonly detail?: string;

  constructor(publicMessage: string, { detail, cause }: PrivateDetail = {}) {
    super(publicMessage, cause === undefined ? undefined : { cause });
    this.name = new.target.name;
    if (detail !== undefined) this.detail = detail;
  }
}
