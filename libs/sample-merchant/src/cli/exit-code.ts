/** How the command ends, for scripts. */
export const ExitCode = {
  /** It listened until it was told to stop. */
  Success: 0,
  /** It cannot listen. */
  Failure: 1,
  /** The command line is wrong. */
  Usage: 2,
} as const;

export type ExitCode = (typeof ExitCode)[keyof typeof ExitCode];

/** The command line is wrong; the message says what to do about it. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
