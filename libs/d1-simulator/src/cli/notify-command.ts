import { MERCHANT_GATEWAY_ID, MERCHANT_ID, TOKEN_ID } from '@gateway/d1-contract';
import type { Command } from 'commander';
import { RunFailedError } from '../run-failed-error.js';
import { runNotifications } from '../run-notifications.js';
import type { RunOptions } from '../run-options.js';
import type { RunResult } from '../run-result.js';
import { addConnectionOptions, clientCredentials, sessionOptions, type ConnectionFlags } from './connection-options.js';
import { ExitCode } from './exit-code.js';
import { untilInterrupted } from './interrupt.js';
import { jsonText, positiveInteger } from './option-values.js';
import { Progress } from './progress.js';
import { formatSummary } from './summary.js';

export interface NotifyFlags extends ConnectionFlags {
  readonly count: number;
  readonly concurrency: number;
  readonly merchantGateway: string;
  readonly merchant: string;
  readonly token: readonly string[];
  readonly payload?: string;
  readonly oauth: boolean;
  readonly json?: boolean;
}

const EXAMPLES = `
Examples:
  $ npm run d1 -- notify --count 1000 --concurrency 32
  $ npm run d1 -- notify --merchant 10610027312 --token card-1 card-2 card-3 --count 30
  $ npm run d1 -- notify --no-oauth --url https://gateway.example --ca ca.pem --cert d1.pem --key d1-key.pem
  $ npm run --silent d1 -- notify --count 100 --json | jq .latencyMs.p99

Exit code: 0 if every notification got 204, 1 if not, 2 if the command line or the credentials are wrong.`;

export function addNotifyOptions(command: Command): Command {
  command
    .description('send notifications ("Notify token update"), retrying as D1 does')
    .option('-n, --count <n>', 'notifications to send', positiveInteger, 1)
    .option('-c, --concurrency <n>', 'how many at the same time', positiveInteger, 8)
    .option('--merchant-gateway <id>', 'merchant gateway id', MERCHANT_GATEWAY_ID.example)
    .option('--merchant <id>', 'merchant id', MERCHANT_ID.example)
    .option('--token <ids...>', 'token ids, taken in turn', [TOKEN_ID.example])
    .option('--payload <json>', 'JSON to send along; D1 documents none', jsonText)
    .option('--no-oauth', 'send no access token, for a gateway that asks D1 for none')
    .option('--json', 'print the summary as JSON, and no progress');
  return addConnectionOptions(command).addHelpText('after', EXAMPLES);
}

export async function notify(flags: NotifyFlags): Promise<ExitCode> {
  const details = new Map<number | undefined, string>();
  const options = runOptions(flags);
  const progress = new Progress(flags.count, !flags.json);
  const onAnswer: RunOptions['onAnswer'] = ({ status, detail }) => {
    progress.advance(status);
    if (!details.has(status)) details.set(status, detail);
  };
  const print = (result: RunResult): void => {
    progress.stop();
    process.stdout.write(`${flags.json ? toJson(result) : formatSummary(result, details)}\n`);
  };

  try {
    const result = await untilInterrupted((signal) => runNotifications({ ...options, onAnswer, signal }));
    print(result);
    return result.answersByStatus[204] === result.requested ? ExitCode.Success : ExitCode.Failure;
  } catch (error) {
    if (!(error instanceof RunFailedError)) throw error;
    if (flags.json || error.result.finished > 0) print(error.result);
    throw error.cause;
  } finally {
    progress.stop();
  }
}

function runOptions(flags: NotifyFlags): RunOptions {
  const { merchantGateway: merchantGatewayId, merchant: merchantId, count, concurrency, payload } = flags;
  return {
    ...sessionOptions(flags),
    credentials: flags.oauth ? clientCredentials(flags) : undefined,
    targets: flags.token.map((tokenId) => ({ merchantGatewayId, merchantId, tokenId })),
    count,
    concurrency,
    payload,
  };
}

/** The correlation ids stay out: a summary does not grow with the run. */
function toJson(result: RunResult): string {
  return JSON.stringify({ ...result, acceptedCorrelationIds: undefined }, null, 2);
}
