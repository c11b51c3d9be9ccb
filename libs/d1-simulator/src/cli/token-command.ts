import type { Command } from 'commander';
import type { AccessToken } from '../access-token.js';
import { fetchAccessToken } from '../fetch-access-token.js';
import { addConnectionOptions, clientCredentials, sessionOptions, type ConnectionFlags } from './connection-options.js';
import { ExitCode } from './exit-code.js';
import { untilInterrupted } from './interrupt.js';
import { textTable } from './text-table.js';

export interface TokenFlags extends ConnectionFlags {
  readonly show?: boolean;
  readonly json?: boolean;
}

const EXAMPLES = `
Examples:
  $ npm run d1 -- token
  $ npm run --silent d1 -- token --show --json | jq -r .access_token`;

export function addTokenOptions(command: Command): Command {
  command
    .description('fetch an access token ("Get Access Token") and print its fields')
    .option('--show', 'print the access token itself too')
    .option('--json', 'print JSON, in the names of the interface');
  return addConnectionOptions(command).addHelpText('after', EXAMPLES);
}

export async function token(flags: TokenFlags): Promise<ExitCode> {
  const options = { ...sessionOptions(flags), credentials: clientCredentials(flags) };
  const fields = fieldsOf(await untilInterrupted((signal) => fetchAccessToken(options, signal)), flags.show ?? false);
  const text = flags.json
    ? JSON.stringify(fields, null, 2)
    : textTable(
        Object.entries(fields).map(([name, value]) => [name, String(value)]),
        ['left', 'left'],
      );
  process.stdout.write(`${text}\n`);
  return ExitCode.Success;
}

function fieldsOf({ value, tokenType, expiresInSeconds, expiresAt, scope }: AccessToken, show: boolean) {
  return {
    ...(show && { access_token: value }),
    token_type: tokenType,
    expires_in: expiresInSeconds,
    ...(expiresAt !== undefined && { expires_at: expiresAt }),
    ...(scope !== undefined && { scope }),
  };
}
