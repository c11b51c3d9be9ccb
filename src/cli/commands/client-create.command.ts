import { SubCommand } from 'nest-commander';
import { CliCommand, type CommandLine, type Done } from '../command-line.js';
import { givenSecret, withSecretOptions, type SecretOptions } from '../given-secret.js';
import { Toolbox } from '../toolbox.js';

interface Options extends SecretOptions {
  readonly scopes: string[];
  readonly merchantGateways: string[];
}

@SubCommand({ name: 'create', arguments: '<client-id>', description: 'make a client; its secret is shown this once' })
export class ClientCreateCommand extends CliCommand<Options> {
  protected override readonly examples = [
    'client create is_tbank01 --merchant-gateways MGW_000001',
    'client create duty --scopes gateway:operate --merchant-gateways "*"',
    'client create is_tbank01 --merchant-gateways MGW_000001 --secret-stdin < secret.txt',
  ];

  constructor(private readonly toolbox: Toolbox) {
    super();
  }

  protected override define(line: CommandLine): CommandLine {
    return withSecretOptions(
      line
        .option('--scopes <scope...>', 'what it may ask for: d1:notify, gateway:operate, gateway:read', ['d1:notify'])
        .requiredOption('--merchant-gateways <id...>', 'whom it acts for; "*" for all, not for D1 (required)'),
    );
  }

  protected override async execute([clientId]: readonly string[], options: Options): Promise<Done> {
    const [{ checked }, { NewClient }, { ClientsService }] = await Promise.all([
      import('../../operations/http/checked.js'),
      import('../../operations/registry/client-bodies.js'),
      import('../../operations/registry/clients.service.js'),
    ]);
    const { scopes, merchantGateways } = options;
    const clientSecret = await givenSecret(options);
    const client = await checked(NewClient, {
      clientId,
      scopes,
      merchantGateways,
      ...(clientSecret !== undefined && { clientSecret }),
    });
    return this.toolbox.use(async ({ services, operator }) => {
      const { body, beside } = await services.get(ClientsService).create(client, operator);
      const { clientSecret: made } = beside as { clientSecret?: string };
      const shown = made ? `\nIts secret, shown this once: ${made}` : '';
      return { json: Object.assign({}, body, beside), text: `Client ${clientId} is there.${shown}` };
    });
  }
}
