import type { AccessTokenError } from './access-token-error.js';
import type { RunResult } from './run-result.js';

/** A run ended early, because no access token was to be had. */
export class RunFailedError extends Error {
  override readonly name = 'RunFailedError';
  override readonly cause: AccessTokenError;

  constructor(
    cause: AccessTokenError,
    /** What the run had come to by then. */
    readonly result: RunResult,
  ) {
    super(cause.message, { cause });
    this.cause = cause;
  }
}
