import { text } from 'node:stream/consumers';
import { environmentVariable } from '../config/environment-variable.js';
import type { CommandLine } from './command-line.js';
import { CliError } from './error-line.js';

export interface SecretOptions {
  readonly secretStdin?: boolean;
  readonly secretEnv?: string;
}

/** Never as an argument: others on the machine see those. */
export function withSecretOptions(line: CommandLine): CommandLine {
  return line
    .option('--secret-stdin', 'take a secret that was agreed on from standard input, instead of making one')
    .option('--secret-env <name>', 'the same from an environment variable');
}

/** @returns undefined where none is given, and one is to be made */
export async function givenSecret({ secretStdin, secretEnv }: SecretOptions): Promise<string | undefined> {
  if (secretStdin && secretEnv !== undefined) throw new CliError('--secret-stdin and --secret-env exclude each other');
  if (secretEnv !== undefined) {
    const secret = environmentVariable(secretEnv);
    if (secret === undefined) throw new CliError(`--secret-env names ${secretEnv}, which is not set`);
    return secret;
  }
  if (!secretStdin) return undefined;
  const secret = (await text(process.stdin)).replace(/\r?\n$/, '');
  if (secret === '') throw new CliError('--secret-stdin: nothing came on standard input');
  return secret;
}
