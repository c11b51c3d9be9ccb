import { Command } from 'nest-commander';
import { CliCommand, type CommandLine, type Done } from '../command-line.js';
import { LOOK } from '../exit-code.js';

@Command({ name: 'migrate', description: 'bring the database’s schema up to date, or tell what would be done' })
export class MigrateCommand extends CliCommand<{ status?: boolean }> {
  protected override readonly examples = ['migrate --status', 'migrate'];

  protected override define(line: CommandLine): CommandLine {
    return line
      .option('--status', 'change nothing; exit with 2 where migrations are pending')
      .addHelpText('after', '\nAn SQLite database must not be in use by a gateway.');
  }

  protected override async execute(_args: readonly string[], { status = false }: { status?: boolean }): Promise<Done> {
    const [{ loadConfig }, { migrate, readSchema }, { merchants }, { schemaOf }] = await Promise.all([
      import('../../config/load-config.js'),
      import('../../database/migrate.js'),
      import('../../merchants.js'),
      import('../../teams/schema-of-teams.js'),
    ]);
    const config = loadConfig(process.env);
    const teams = schemaOf(merchants).migrations;
    const state = status ? await readSchema(config, teams) : await migrate(config, teams);
    const needsLook = status && state.pending.length + state.unknown.length > 0;
    return { json: state, text: textOf(state), ...(needsLook && { exitCode: LOOK }) };
  }
}

function textOf({
  applied,
  pending,
  unknown,
  ran = [],
}: {
  readonly [K in 'applied' | 'pending' | 'unknown']: readonly string[];
} & { readonly ran?: readonly string[] }): string {
  return [
    ...ran.map((name) => `ran      ${name}`),
    ...pending.map((name) => `pending  ${name}`),
    ...unknown.map((name) => `unknown  ${name} (of a newer gateway)`),
    `${applied.length} applied, ${pending.length} pending`,
  ].join('\n');
}
