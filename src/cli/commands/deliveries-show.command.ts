import { SubCommand } from 'nest-commander';
import { CliCommand, type CommandLine, type Done } from '../command-line.js';
import { table } from '../output.js';
import { Toolbox } from '../toolbox.js';

@SubCommand({ name: 'show', arguments: '<delivery-id>', description: 'one delivery with every attempt' })
export class DeliveriesShowCommand extends CliCommand {
  protected override readonly examples = ['deliveries show 019a0000-0000-7000-8000-000000000000'];

  constructor(private readonly toolbox: Toolbox) {
    super();
  }

  protected override define(line: CommandLine): CommandLine {
    return line;
  }

  protected override async execute([id = '']: readonly string[]): Promise<Done> {
    const { SearchService } = await import('../../operations/search/search.service.js');
    return this.toolbox.use(async ({ services, operator }) => {
      const delivery = await services.get(SearchService).getDelivery(id, operator);
      const { destination, attemptHistory, ...facts } = delivery;
      const rows = attemptHistory.map((a) => [a.startedAt, a.durationMs, a.outcome, a.statusCode, a.reason]);
      const text = [
        table(
          ['FIELD', 'VALUE'],
          [
            ...Object.entries(facts).map(([name, value]) => [name, value === null ? null : String(value)]),
            ['destination', `${destination.name} (${destination.kind})`],
          ],
        ),
        '',
        table(['STARTED', 'MS', 'OUTCOME', 'STATUS', 'REASON'], rows),
      ].join('\n');
      return { json: delivery, text };
    });
  }
}
