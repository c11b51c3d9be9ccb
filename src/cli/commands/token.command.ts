import { Command } from 'nest-commander';
import { CommandGroup } from '../command-line.js';
import { TokenImportCommand } from './token-import.command.js';

@Command({ name: 'token', description: 'tokens of a merchant', subCommands: [TokenImportCommand] })
export class TokenCommand extends CommandGroup {
  protected override readonly examples = [
    'token import tokens.csv --merchant-gateway-id MGW_000001 --merchant-id 10610027312',
  ];
}
