import { readFileSync } from 'node:fs';
import { ACCESS_TOKEN_PATH } from '@gateway/d1-contract';
import { Option, type Command } from 'commander';
import type { ClientCredentials } from '../access-token-source.js';
import { DEFAULT_RETRY_POLICY } from '../retry-decision.js';
import type { SessionOptions } from '../session.js';
import { UsageError } from './exit-code.js';
import { httpUrl, positiveInteger } from './option-values.js';

/** Options of every subcommand: how to reach the gateway, and as whom. */
export interface ConnectionFlags {
  readonly url: string;
  readonly clientId: string;
  readonly clientSecret?: string;
  readonly scope?: string;
  readonly tokenPath: string;
  readonly timeoutMs: number;
  readonly maxAttempts: number;
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
}

export function addConnectionOptions(command: Command): Command {
  return command
    .addOption(
      new Option('--url <url>', 'where the gateway listens')
        .env('D1_GATEWAY_URL')
        .default('http://localhost:3000')
        .argParser(httpUrl),
    )
    .addOption(new Option('--client-id <id>', "D1's client id").env('D1_CLIENT_ID').default('is_tbank01'))
    .addOption(new Option('--client-secret <secret>', 'its secret').env('D1_CLIENT_SECRET'))
    .option('--scope <scopes>', 'scope to ask for, space-delimited')
    .option('--token-path <path>', 'path of the token URL', ACCESS_TOKEN_PATH)
    .option('--timeout-ms <ms>', 'time-out of one HTTP request', positiveInteger, 10_000)
    .option('--max-attempts <n>', 'tries, the first included', positiveInteger, DEFAULT_RETRY_POLICY.maxAttempts)
    .option('--ca <file>', 'PEM file of the certificates to trust')
    .option('--cert <file>', 'PEM file of the client certificate (mutual TLS)')
    .option('--key <file>', 'PEM file of its private key');
}

/** @throws UsageError if a PEM file cannot be read or comes without its other half */
export function sessionOptions(flags: ConnectionFlags): SessionOptions {
  if ((flags.cert === undefined) !== (flags.key === undefined)) {
    throw new UsageError('--cert and --key go together: a certificate and its private key.');
  }
  return {
    baseUrl: flags.url,
    timeoutMs: flags.timeoutMs,
    retry: { maxAttempts: flags.maxAttempts },
    tls: { ca: readPem('--ca', flags.ca), cert: readPem('--cert', flags.cert), key: readPem('--key', flags.key) },
  };
}

/** @throws UsageError if there is no secret */
export function clientCredentials({ clientId, clientSecret, scope, tokenPath }: ConnectionFlags): ClientCredentials {
  if (!clientSecret) throw new UsageError(MISSING_SECRET);
  return { clientId, clientSecret, scope, path: tokenPath };
}

const MISSING_SECRET = `No client secret. \`npm start\` prints D1's when the gateway starts for the first time. Pass it as

  D1_CLIENT_SECRET=… npm run d1 -- notify
  npm run d1 -- notify --client-secret …     (stays in the shell's history)

If the gateway asks D1 for no access token (D1_AUTHENTICATION is mtls or trusted-network): notify --no-oauth`;

function readPem(option: string, file: string | undefined): string | undefined {
  if (file === undefined) return undefined;
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new UsageError(`${option}: ${(error as Error).message}`);
  }
}
