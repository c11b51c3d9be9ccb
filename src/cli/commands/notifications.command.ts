import { Command } from 'nest-commander';
import { CliCommand, type CommandLine, type Done } from '../command-line.js';
import { table } from '../output.js';
import { Toolbox } from '../toolbox.js';

@Command({ name: 'notifications', description: 'accepted notifications, newest first' })
export class NotificationsCommand extends CliCommand<Record<string, string>> {
  protected override readonly examples = [
    'notifications --merchant-id 10610027312 --limit 20',
    'notifications --correlation-id 7f3c0a --json',
    'notifications --received-from 2026-11-23T14:00:00Z --received-to 2026-11-23T15:00:00Z',
  ];

  constructor(private readonly toolbox: Toolbox) {
    super();
  }

  protected override define(line: CommandLine): CommandLine {
    return line
      .option('--merchant-gateway-id <id>', 'of that merchant gateway')
      .option('--merchant-id <id>', 'of that merchant')
      .option('--token-id <id>', 'of that token')
      .option('--correlation-id <id>', 'with that x-correlation-id')
      .option('--received-from <time>', 'arrived then or later: 2026-11-23T14:00:00Z')
      .option('--received-to <time>', 'arrived before')
      .option('--limit <count>', 'at most so many, 500 at most', '50')
      .option('--cursor <cursor>', 'the page after one that has told this cursor');
  }

  protected override async execute(_args: readonly string[], options: Record<string, string>): Promise<Done> {
    const [{ checked }, { NotificationQuery }, { SearchService }] = await Promise.all([
      import('../../operations/http/checked.js'),
      import('../../operations/search/notification-query.js'),
      import('../../operations/search/search.service.js'),
    ]);
    const query = await checked(NotificationQuery, options);
    return this.toolbox.use(async ({ services, operator }) => {
      const page = await services.get(SearchService).findNotifications(query, operator);
      const rows = page.items.map((n) => [
        n.receivedAt,
        `${n.merchantGatewayId}/${n.merchantId}`,
        n.tokenId,
        n.sequence,
        n.correlationId,
        n.id,
      ]);
      const more = page.nextCursor ? `\nThere are more: --cursor ${page.nextCursor}` : '';
      return {
        json: page,
        text: `${table(['RECEIVED', 'MERCHANT', 'TOKEN', 'SEQUENCE', 'CORRELATION', 'ID'], rows)}${more}`,
      };
    });
  }
}
