import { once } from 'node:events';
import { Command, CommanderError } from 'commander';
import { SampleMerchant } from '../sample-merchant.js';
import { ExitCode, UsageError } from './exit-code.js';
import { addMerchantOptions, givenSecret, merchantOptions, type MerchantFlags } from './merchant-options.js';
import { JsonReport, TextReport } from './report.js';
import { setupHint } from './setup-hint.js';
import { Tally } from './tally.js';

/**
 * Runs one command line, without the node and script parts, until it is told to stop.
 *
 * @param until aborted: stop listening and print the summary
 * @returns the exit code; whatever goes wrong is printed, not thrown
 */
export async function main(argv: readonly string[], until: AbortSignal): Promise<ExitCode> {
  const program = addMerchantOptions(new Command('npm run merchant --'))
    .exitOverride()
    .showHelpAfterError('(--help shows the options)')
    .action((flags: MerchantFlags) => receive(flags, until));
  try {
    await program.parseAsync(argv, { from: 'user' });
    return ExitCode.Success;
  } catch (error) {
    return report(error);
  }
}

async function receive(flags: MerchantFlags, until: AbortSignal): Promise<void> {
  const merchant = await SampleMerchant.start(merchantOptions(flags));
  const tally = new Tally();
  const report = flags.json ? new JsonReport() : new TextReport();
  // Apart from the lines, which a program may read.
  process.stderr.write(`\n${setupHint(merchant, givenSecret(flags) === undefined)}\n\n`);
  report.begin();
  merchant.on('webhook', (webhook) => {
    tally.countWebhook(webhook);
    report.webhook(webhook);
  });
  merchant.on('refused', (request) => {
    tally.countRefused(request);
    report.refused(request);
  });
  if (!until.aborted) await once(until, 'abort');
  await merchant.stop();
  report.end(tally.summary());
}

function report(error: unknown): ExitCode {
  // Commander has printed its own.
  if (error instanceof CommanderError) return error.exitCode === 0 ? ExitCode.Success : ExitCode.Usage;
  const taken = (error as NodeJS.ErrnoException).code === 'EADDRINUSE';
  const problem = error instanceof Error ? error.message : String(error);
  process.stderr.write(`${taken ? 'Another process listens on this port. Choose a free one with --port.' : problem}\n`);
  return error instanceof UsageError ? ExitCode.Usage : ExitCode.Failure;
}
