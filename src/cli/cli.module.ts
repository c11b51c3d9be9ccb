import { Module } from '@nestjs/common';
import { InjectCommander } from 'nest-commander';

import { ClientCommand, clientCommands } from './commands/client.command.js';
import { DeliveriesCommand, deliveryCommands } from './commands/deliveries.command.js';
import { DoctorCommand } from './commands/doctor.command.js';
import { MigrateCommand } from './commands/migrate.command.js';
import { NotificationsCommand } from './commands/notifications.command.js';
import { ProvisionCommand } from './commands/provision.command.js';
import { ReconcileCommand } from './commands/reconcile.command.js';
import { ServeCommand } from './commands/serve.command.js';
import { TokenImportCommand } from './commands/token-import.command.js';
import { TokenCommand } from './commands/token.command.js';
import { examplesText, type CommandLine } from './command-line.js';
import { Toolbox } from './toolbox.js';

const EXIT_CODES = 'Exit code: 0 done, 1 not done or asked for wrongly, 2 something to look at.';
const EXAMPLES = ['doctor', 'notifications --limit 5', 'client create --help'];

/** The commands alone; what they need they open themselves. */
@Module({
  providers: [
    ServeCommand,
    MigrateCommand,
    ProvisionCommand,
    ClientCommand,
    ...clientCommands,
    TokenCommand,
    TokenImportCommand,
    NotificationsCommand,
    DeliveriesCommand,
    ...deliveryCommands,
    ReconcileCommand,
    DoctorCommand,
    Toolbox,
  ],
})
export class CliModule {
  constructor(@InjectCommander() program: CommandLine) {
    program
      .name('d1-gateway')
      .description('Runs a D1 Merchant Gateway, and works on its database. Settings are those of the gateway.')
      .addHelpText('after', `\n${EXIT_CODES}\n${examplesText(EXAMPLES)}`);
  }
}
