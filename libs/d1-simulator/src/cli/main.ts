import { Command, CommanderError } from 'commander';
import { AccessTokenError } from '../access-token-error.js';
import { ExitCode, UsageError } from './exit-code.js';
import { addNotifyOptions, notify, type NotifyFlags } from './notify-command.js';
import { addTokenOptions, token, type TokenFlags } from './token-command.js';

/**
 * Runs one command line, without the node and script parts.
 *
 * @returns the exit code; whatever goes wrong is printed, not thrown
 */
export async function main(argv: readonly string[]): Promise<ExitCode> {
  let exitCode: ExitCode = ExitCode.Success;
  // Subcommands inherit settings made before them.
  const program = new Command('npm run d1 --').exitOverride().showHelpAfterError('(--help shows the options)');
  program.description('Thales D1 as a client: asks the gateway for access tokens and sends it notifications.');
  addNotifyOptions(program.command('notify')).action(async (flags: NotifyFlags) => {
    exitCode = await notify(flags);
  });
  addTokenOptions(program.command('token')).action(async (flags: TokenFlags) => {
    exitCode = await token(flags);
  });

  try {
    await program.parseAsync(argv, { from: 'user' });
    return exitCode;
  } catch (error) {
    return report(error);
  }
}

function report(error: unknown): ExitCode {
  // Commander has printed its own.
  if (error instanceof CommanderError) return error.exitCode === 0 ? ExitCode.Success : ExitCode.Usage;
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  const refused = error instanceof AccessTokenError && error.kind === 'refused';
  return refused || error instanceof UsageError ? ExitCode.Usage : ExitCode.Failure;
}
