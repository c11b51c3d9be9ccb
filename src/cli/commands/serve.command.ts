import { Command } from 'nest-commander';
import { CliCommand, type CommandLine } from '../command-line.js';

@Command({ name: 'serve', description: 'run a gateway, as npm start does' })
export class ServeCommand extends CliCommand {
  protected override readonly examples = ['serve', 'serve > gateway.log'];

  protected override define(line: CommandLine): CommandLine {
    return line;
  }

  protected override async execute(): Promise<void> {
    await import('../../main.js');
  }
}
