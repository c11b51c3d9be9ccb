import { Option, type Command } from 'commander';
import { BEHAVIOURS, DEFAULT_DELAY_MS, DEFAULT_RETRY_AFTER_SECONDS, type BehaviourKind } from '../behaviour.js';
import type { SampleMerchantOptions } from '../sample-merchant.js';
import { isSigningSecret } from '../signing-secret.js';
import { UsageError } from './exit-code.js';
import { portNumber, positiveInteger } from './option-values.js';

export interface MerchantFlags {
  readonly port: number;
  readonly host: string;
  readonly secret?: string;
  readonly behave: BehaviourKind;
  readonly every: number;
  readonly delayMs: number;
  readonly retryAfter: number;
  readonly json?: boolean;
}

const BEHAVIOURS_HELP = `
Behaviours:
  ok        204
  fail      500
  hang      no answer
  throttle  429 with Retry-After
  slow      204, after a while
  gone      410: wants no more webhooks, and the gateway disables the destination

Examples:
  $ npm run merchant
  $ npm run merchant -- --behave fail --every 3
  $ npm run merchant -- --behave slow --delay-ms 9000
  $ MERCHANT_WEBHOOK_SECRET=whsec_… npm run --silent merchant -- --json | jq .sequence`;

export function addMerchantOptions(command: Command): Command {
  return command
    .description('A merchant: receives webhooks, verifies their signatures, prints a line for each.')
    .option('--port <port>', 'port to listen on', portNumber, 4000)
    .option('--host <address>', 'address to listen on', '127.0.0.1')
    .addOption(
      new Option('--secret <whsec>', 'what webhooks are signed with (without it: a new one)').env(
        'MERCHANT_WEBHOOK_SECRET',
      ),
    )
    .addOption(new Option('--behave <how>', 'what to do with webhooks').choices(BEHAVIOURS).default('ok'))
    .option('--every <n>', 'only with every n-th; the others get 204', positiveInteger, 1)
    .option('--delay-ms <ms>', 'of slow: how long an answer takes', positiveInteger, DEFAULT_DELAY_MS)
    .option('--retry-after <s>', 'of throttle: what Retry-After asks for', positiveInteger, DEFAULT_RETRY_AFTER_SECONDS)
    .option('--json', 'print JSON lines')
    .addHelpText('after', BEHAVIOURS_HELP);
}

/** @throws UsageError if the secret is none; it is not repeated, as Commander would */
export function merchantOptions(flags: MerchantFlags): SampleMerchantOptions {
  const { port, host, behave: kind, every, delayMs, retryAfter: retryAfterSeconds } = flags;
  const secret = givenSecret(flags);
  if (secret !== undefined && !isSigningSecret(secret)) {
    throw new UsageError('The secret must be whsec_ and 24 to 64 bytes in base64. Without one, a new one is made.');
  }
  return { port, host, secret, behaviour: { kind, every, delayMs, retryAfterSeconds } };
}

/** An empty variable counts as unset. */
export function givenSecret({ secret }: MerchantFlags): string | undefined {
  return secret === '' ? undefined : secret;
}
