/** How the command ends, for scripts. */
export const ExitCode = {
  /** Every notification got 204; there is an access token. */
  Success: 0,
  /** At least one did not, or the gateway could not be reached. */
  Failure: 1,
  /** The command line or the credentials are wrong. */
  Usage: 2,
} as const;

export type ExitCode = (typeof ExitCode)[keyof typeof ExitCode];

/** The command line is wrong; the message says what to do about it. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
