import { Command } from 'nest-commander';
import { CliCommand, type CommandLine, type Done } from '../command-line.js';
import { LOOK } from '../exit-code.js';
import { table } from '../output.js';
import { Toolbox } from '../toolbox.js';

@Command({
  name: 'reconcile',
  description: 'account for every accepted notification; exit with 2 where one is unaccounted for',
})
export class ReconcileCommand extends CliCommand<Record<string, string>> {
  protected override readonly examples = [
    'reconcile --merchant-gateway-id MGW_000001',
    'reconcile --merchant-gateway-id MGW_000001 --merchant-id 10610027312 --json',
  ];

  constructor(private readonly toolbox: Toolbox) {
    super();
  }

  protected override define(line: CommandLine): CommandLine {
    return line
      .requiredOption('--merchant-gateway-id <id>', 'of that merchant gateway (required)')
      .option('--merchant-id <id>', 'of that merchant alone');
  }

  protected override async execute(_args: readonly string[], options: Record<string, string>): Promise<Done> {
    const [{ checked }, { ReconciliationQuery }, { ReconciliationService }] = await Promise.all([
      import('../../operations/http/checked.js'),
      import('../../operations/reconciliation/reconciliation-query.js'),
      import('../../operations/reconciliation/reconciliation.service.js'),
    ]);
    const scope = await checked(ReconciliationQuery, options);
    return this.toolbox.use(async ({ services, operator }) => {
      const report = await services.get(ReconciliationService).reconcile(scope, operator);
      const headings = ['MERCHANT', 'ACCEPTED', 'DELIVERIES', 'DELIVERED', 'PENDING', 'DEAD', 'CANCELLED', 'MISSING'];
      const rows = report.merchants.map((m) => [
        m.merchantId,
        m.notifications,
        m.deliveries,
        m.delivered,
        m.pending,
        m.dead,
        m.cancelled,
        m.unaccounted.notifications.count + m.unaccounted.deliveries.count,
      ]);
      const verdict = report.balanced
        ? 'All is accounted for.'
        : 'Not all is accounted for. --json names what is missing.';
      return {
        json: report,
        text: `${table(headings, rows)}\n${verdict}`,
        exitCode: report.balanced ? 0 : LOOK,
      };
    });
  }
}
