import { SubCommand } from 'nest-commander';
import type { ClientDetail } from '../../operations/registry/client-bodies.js';
import { CliCommand, type CommandLine, type Done } from '../command-line.js';
import { table } from '../output.js';
import { Toolbox } from '../toolbox.js';

@SubCommand({ name: 'list', description: 'clients, their secrets, and when each was last used' })
export class ClientListCommand extends CliCommand {
  protected override readonly examples = ['client list', 'client list --json'];

  constructor(private readonly toolbox: Toolbox) {
    super();
  }

  protected override define(line: CommandLine): CommandLine {
    return line;
  }

  protected override async execute(): Promise<Done> {
    const { ClientsService } = await import('../../operations/registry/clients.service.js');
    return this.toolbox.use(async ({ services, operator }) => {
      const clients: ClientDetail[] = [];
      let cursor: string | null | undefined;
      do {
        const query = { limit: 500, ...(cursor && { cursor }) };
        const page = await services.get(ClientsService).list(query, operator);
        clients.push(...page.items);
        cursor = page.nextCursor;
      } while (cursor);
      return { json: clients, text: textOf(clients) };
    });
  }
}

function textOf(clients: readonly ClientDetail[]): string {
  const headings = ['CLIENT', 'SCOPES', 'GATEWAYS', 'STATE', 'SECRET', 'EXPIRES', 'LAST USED'];
  const rows = clients.flatMap(({ clientId, scopes, merchantGateways, disabledAt, secrets }) => {
    const state = disabledAt === null ? 'enabled' : 'disabled';
    const client = [clientId, scopes.join(' '), merchantGateways.join(' '), state];
    if (secrets.length === 0) return [client];
    return secrets.map(({ id, expiresAt, lastUsedAt }, index) => [
      ...(index === 0 ? client : ['', '', '', '']),
      id,
      expiresAt ?? 'never',
      lastUsedAt ?? 'not yet',
    ]);
  });
  return table(headings, rows);
}
