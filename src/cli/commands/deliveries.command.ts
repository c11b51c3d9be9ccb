import { Command } from 'nest-commander';
import { CommandGroup } from '../command-line.js';
import { DeliveriesListCommand } from './deliveries-list.command.js';
import { DeliveriesReplayCommand } from './deliveries-replay.command.js';
import { DeliveriesShowCommand } from './deliveries-show.command.js';

export const deliveryCommands = [DeliveriesListCommand, DeliveriesShowCommand, DeliveriesReplayCommand];

@Command({ name: 'deliveries', description: 'what has become of notifications', subCommands: deliveryCommands })
export class DeliveriesCommand extends CommandGroup {
  protected override readonly examples = [
    'deliveries list --state dead',
    'deliveries replay --merchant-gateway-id MGW_000001 --state dead --dry-run',
  ];
}
