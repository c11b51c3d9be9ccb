import { SubCommand } from 'nest-commander';
import { CliCommand, type CommandLine, type Done } from '../command-line.js';
import { table } from '../output.js';
import { Toolbox } from '../toolbox.js';

@SubCommand({ name: 'list', description: 'deliveries, newest first' })
export class DeliveriesListCommand extends CliCommand<Record<string, string>> {
  protected override readonly examples = [
    'deliveries list --state dead',
    'deliveries list --merchant-id 10610027312 --state pending --json',
  ];

  constructor(private readonly toolbox: Toolbox) {
    super();
  }

  protected override define(line: CommandLine): CommandLine {
    return line
      .option('--merchant-gateway-id <id>', 'of that merchant gateway')
      .option('--merchant-id <id>', 'of that merchant')
      .option('--destination <name>', 'for that destination')
      .option('--token-id <id>', 'of that token')
      .option('--correlation-id <id>', 'of notifications with that x-correlation-id')
      .option('--notification-id <id>', 'of that notification')
      .option('--state <state>', 'pending, delivered, dead or cancelled')
      .option('--created-from <time>', 'made then or later: 2026-11-23T14:00:00Z')
      .option('--created-to <time>', 'made before')
      .option('--limit <count>', 'at most so many, 500 at most', '50')
      .option('--cursor <cursor>', 'the page after one that has told this cursor');
  }

  protected override async execute(_args: readonly string[], options: Record<string, string>): Promise<Done> {
    const [{ checked }, { DeliveryQuery }, { SearchService }] = await Promise.all([
      import('../../operations/http/checked.js'),
      import('../../operations/search/delivery-query.js'),
      import('../../operations/search/search.service.js'),
    ]);
    const query = await checked(DeliveryQuery, options);
    return this.toolbox.use(async ({ services, operator }) => {
      const page = await services.get(SearchService).findDeliveries(query, operator);
      const rows = page.items.map((d) => [
        d.createdAt,
        `${d.merchantGatewayId}/${d.merchantId}/${d.destination.name}`,
        d.tokenId,
        d.state,
        d.attempts,
        d.lastReason,
        d.id,
      ]);
      const more = page.nextCursor ? `\nThere are more: --cursor ${page.nextCursor}` : '';
      const headings = ['CREATED', 'DESTINATION', 'TOKEN', 'STATE', 'ATTEMPTS', 'LAST REASON', 'ID'];
      return { json: page, text: `${table(headings, rows)}${more}` };
    });
  }
}
