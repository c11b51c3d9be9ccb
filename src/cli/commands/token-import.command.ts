import { SubCommand } from 'nest-commander';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import type { ImportReportLine } from '../../operations/registry/import/import-report.js';
import { CliCommand, type CommandLine, type Done } from '../command-line.js';
import { CliError } from '../error-line.js';
import { FAILED, LOOK } from '../exit-code.js';
import { startProgress } from '../progress.js';
import { Toolbox } from '../toolbox.js';

interface Options {
  readonly merchantGatewayId: string;
  readonly merchantId: string;
  readonly format?: string;
}

@SubCommand({
  name: 'import',
  arguments: '<file>',
  argsDescription: { file: 'NDJSON ({"id": "…"} in each line) or CSV (ids in the first column); - for standard input' },
  description: 'register many tokens',
})
export class TokenImportCommand extends CliCommand<Options> {
  protected override readonly examples = [
    'token import tokens.csv --merchant-gateway-id MGW_000001 --merchant-id 10610027312',
    'token import - --format ndjson --merchant-gateway-id MGW_000001 --merchant-id 10610027312 < tokens.ndjson',
  ];

  constructor(private readonly toolbox: Toolbox) {
    super();
  }

  protected override define(line: CommandLine): CommandLine {
    return line
      .requiredOption('--merchant-gateway-id <id>', 'whose merchant it is (required)')
      .requiredOption('--merchant-id <id>', 'whose tokens they are (required)')
      .option('--format <format>', 'csv or ndjson; without it, what the file’s name ends in')
      .addHelpText('after', '\nBad lines are told on standard error and passed over; then the exit code is 2.');
  }

  protected override async execute([file = '']: readonly string[], options: Options): Promise<Done> {
    const lines = await linesOf(options.format ?? /\.(csv|ndjson)$/.exec(file)?.[1]);
    const { stream, bytes } = await opened(file);
    const [{ ImportReport }, { TokenImportService }] = await Promise.all([
      import('../../operations/registry/import/import-report.js'),
      import('../../operations/registry/import/token-import.service.js'),
    ]);
    return this.toolbox.use(async ({ services, operator }) => {
      const imports = services.get(TokenImportService);
      await imports.assertAllowed(options, operator);
      const progress = startProgress(bytes, stream);
      let last: ImportReportLine | undefined;
      const report = new ImportReport((line) => {
        if (line.type === 'bad-line') progress.log(`line ${line.line}: ${line.problem}`);
        else last = line;
      });
      await imports.run(options, lines(stream), report, operator);
      progress.stop();
      return doneOf(last, report);
    });
  }
}

function doneOf(
  last: ImportReportLine | undefined,
  { totals }: { readonly totals: Readonly<Record<'lines' | 'registered' | 'known' | 'bad', number>> },
): Done {
  const { lines, registered, known, bad } = totals;
  const text = `${lines} lines: ${registered} registered, ${known} known already, ${bad} bad`;
  if (last?.type === 'failed') return { json: last, text: `${text}\n${last.problem}`, exitCode: FAILED };
  return { json: totals, text, ...(bad > 0 && { exitCode: LOOK }) };
}

async function linesOf(format: string | undefined) {
  if (format === 'csv') return (await import('../../operations/registry/import/csv-lines.js')).csvLines;
  if (format === 'ndjson') return (await import('../../operations/registry/import/ndjson-lines.js')).ndjsonLines;
  throw new CliError('--format must be csv or ndjson');
}

async function opened(file: string): Promise<{ stream: Readable; bytes: number | undefined }> {
  if (file === '-') return { stream: process.stdin, bytes: undefined };
  const found = await stat(file).catch((cause: NodeJS.ErrnoException) => {
    throw new CliError(`${file} cannot be read: ${cause.code}`);
  });
  if (!found.isFile()) throw new CliError(`${file} is not a file`);
  return { stream: createReadStream(file), bytes: found.size };
}
