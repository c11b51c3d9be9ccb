import { CommandRunner } from 'nest-commander';
import { CliError } from './error-line.js';
import { printResult, type Printed } from './output.js';

/** commander's command, in the version that nest-commander brings. */
export type CommandLine = Parameters<CommandRunner['setCommand']>[0];

export interface Done extends Printed {
  readonly exitCode?: number;
}

/** One command: its options and examples, and what it does. */
export abstract class CliCommand<Options extends object = object> extends CommandRunner {
  /** Lines as they are typed, without the program's name. */
  protected abstract readonly examples: readonly string[];

  /** Adds the command's options. */
  protected abstract define(line: CommandLine): CommandLine;

  /** @throws an error whose message is told in a line */
  protected abstract execute(args: readonly string[], options: Options): Promise<Done | void>;

  override setCommand(line: CommandLine): this {
    this.define(line)
      .option('--json', 'print JSON, for programs')
      .allowExcessArguments(false)
      .addHelpText('after', () => examplesText(this.examples));
    return super.setCommand(line);
  }

  override async run(args: string[]): Promise<void> {
    const { json, ...options } = this.command.opts<{ json?: boolean }>();
    const done = await this.execute(args, options as Options);
    if (!done) return;
    printResult(done, json === true);
    if (done.exitCode !== undefined) process.exitCode = done.exitCode;
  }
}

/** A command that only holds others. */
export abstract class CommandGroup extends CommandRunner {
  /** Of those that it holds. */
  protected abstract readonly examples: readonly string[];

  override setCommand(line: CommandLine): this {
    line.addHelpText('after', () => examplesText(this.examples));
    return super.setCommand(line);
  }

  override async run([unknown]: string[]): Promise<void> {
    if (unknown !== undefined) throw new CliError(`${this.command.name()} has no command ${unknown}; see --help`);
    this.command.help({ error: true });
  }
}

/** @param examples lines as they are typed, without the program's name */
export function examplesText(examples: readonly string[]): string {
  return `\nExamples:\n${examples.map((example) => `  $ d1-gateway ${example}`).join('\n')}`;
}
