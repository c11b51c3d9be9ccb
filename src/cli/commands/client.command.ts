import { Command } from 'nest-commander';
import { CommandGroup } from '../command-line.js';
import { ClientCreateCommand } from './client-create.command.js';
import { ClientListCommand } from './client-list.command.js';
import { ClientRotateCommand } from './client-rotate.command.js';
import { ClientDisableCommand, ClientEnableCommand } from './client-switch.command.js';
import { ClientEndSecretCommand } from './client-end-secret.command.js';

export const clientCommands = [
  ClientListCommand,
  ClientCreateCommand,
  ClientRotateCommand,
  ClientEndSecretCommand,
  ClientDisableCommand,
  ClientEnableCommand,
];

@Command({
  name: 'client',
  description: 'who may ask for access tokens: D1 and operators',
  subCommands: clientCommands,
})
export class ClientCommand extends CommandGroup {
  protected override readonly examples = [
    'client list',
    'client create is_tbank01 --merchant-gateways MGW_000001',
    'client rotate is_tbank01 --overlap 24h',
  ];
}
