import { SubCommand } from 'nest-commander';
import { CliCommand, type CommandLine, type Done } from '../command-line.js';
import { CliError } from '../error-line.js';
import { Toolbox } from '../toolbox.js';

interface Options extends Record<string, string | boolean | undefined> {
  readonly dryRun?: boolean;
}

@SubCommand({
  name: 'replay',
  arguments: '[delivery-id]',
  description: 'send one delivery again, or all that match',
})
export class DeliveriesReplayCommand extends CliCommand<Options> {
  protected override readonly examples = [
    'deliveries replay 019a0000-0000-7000-8000-000000000000',
    'deliveries replay --merchant-gateway-id MGW_000001 --merchant-id 10610027312 --state dead --dry-run',
    'deliveries replay --merchant-gateway-id MGW_000001 --state dead --created-from 2026-11-23T00:00:00Z',
  ];

  constructor(private readonly toolbox: Toolbox) {
    super();
  }

  protected override define(line: CommandLine): CommandLine {
    return line
      .option('--merchant-gateway-id <id>', 'of many: of that merchant gateway (required)')
      .option('--state <state>', 'of many: dead, cancelled or delivered (required)')
      .option('--merchant-id <id>', 'of many: of that merchant')
      .option('--destination <name>', 'of many: for that destination')
      .option('--created-from <time>', 'of many: made then or later')
      .option('--created-to <time>', 'of many: made before')
      .option('--dry-run', 'send nothing, tell what would be sent')
      .addHelpText('after', '\nThose of disabled destinations are passed over. A running gateway sends them.');
  }

  protected override async execute([id]: readonly string[], { dryRun = false, ...filter }: Options): Promise<Done> {
    if (id === undefined) return this.replayMany(filter, dryRun);
    if (Object.keys(filter).length > 0) throw new CliError('say either a delivery-id or filters');
    return this.replayOne(id, dryRun);
  }

  private async replayOne(id: string, dryRun: boolean): Promise<Done> {
    const [{ ReplayService }, { SearchService }] = await Promise.all([
      import('../../operations/replay/replay.service.js'),
      import('../../operations/search/search.service.js'),
    ]);
    return this.toolbox.use(async ({ services, operator }) => {
      const delivery = dryRun
        ? await services.get(SearchService).getDelivery(id, operator)
        : await services.get(ReplayService).replay(id, operator);
      const where = `${delivery.merchantGatewayId}/${delivery.merchantId}/${delivery.destination.name}`;
      return {
        json: delivery,
        text: dryRun ? `Would send ${id} (${delivery.state}) to ${where}.` : `${id} is due now for ${where}.`,
      };
    });
  }

  private async replayMany(filter: Options, dryRun: boolean): Promise<Done> {
    const [{ checked }, { BulkReplayRequest }, { ReplayService }] = await Promise.all([
      import('../../operations/http/checked.js'),
      import('../../operations/replay/bulk-replay-request.js'),
      import('../../operations/replay/replay.service.js'),
    ]);
    if (!filter.merchantGatewayId || !filter.state)
      throw new CliError('say a delivery-id, or --merchant-gateway-id and --state');
    const request = await checked(BulkReplayRequest, filter);
    return this.toolbox.use(async ({ services, operator }) => {
      const replays = services.get(ReplayService);
      if (dryRun) {
        const { replayed } = await replays.countReplayable(request, operator);
        return { json: { wouldReplay: replayed }, text: `${replayed} deliveries would be due.` };
      }
      const { replayed } = await replays.replayAll(request, operator);
      return { json: { replayed }, text: `${replayed} deliveries are due now.` };
    });
  }
}
