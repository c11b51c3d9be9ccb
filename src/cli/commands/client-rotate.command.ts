import { SubCommand } from 'nest-commander';
import { CliCommand, type CommandLine, type Done } from '../command-line.js';
import { durationMs } from '../duration.js';
import { givenSecret, withSecretOptions, type SecretOptions } from '../given-secret.js';
import { Toolbox } from '../toolbox.js';

interface Options extends SecretOptions {
  readonly overlap: string;
}

@SubCommand({
  name: 'rotate',
  arguments: '<client-id>',
  description: 'give a client a new secret; the old one stays right for a while',
})
export class ClientRotateCommand extends CliCommand<Options> {
  protected override readonly examples = [
    'client rotate is_tbank01',
    'client rotate is_tbank01 --overlap 24h',
    'client rotate is_tbank01 --secret-env NEW_D1_SECRET',
  ];

  constructor(private readonly toolbox: Toolbox) {
    super();
  }

  protected override define(line: CommandLine): CommandLine {
    return withSecretOptions(line.option('--overlap <time>', 'how long both are right: 30m, 24h, 7d', '7d'));
  }

  protected override async execute([clientId = '']: readonly string[], options: Options): Promise<Done> {
    const overlapMs = durationMs('--overlap', options.overlap);
    const [{ checked }, { NewSecret }, { ClientSecretsService }, { ClientsService }, { Clock }] = await Promise.all([
      import('../../operations/http/checked.js'),
      import('../../operations/registry/client-bodies.js'),
      import('../../operations/registry/client-secrets.service.js'),
      import('../../operations/registry/clients.service.js'),
      import('../../clock/clock.js'),
    ]);
    const clientSecret = await givenSecret(options);
    return this.toolbox.use(async ({ services, operator }) => {
      const nowMs = services.get<InstanceType<typeof Clock>>(Clock).nowMs();
      const request = await checked(NewSecret, {
        previousExpiresAt: new Date(nowMs + overlapMs).toISOString(),
        ...(clientSecret !== undefined && { clientSecret }),
      });
      const added = await services.get(ClientSecretsService).add(clientId, request, operator);
      const { body } = await services.get(ClientsService).get(clientId, operator);
      // It may have had an end that is sooner, or none that was right any more.
      const previousExpiresAt = body.secrets.find(({ id }) => id !== added.id)?.expiresAt ?? null;
      const shown = added.clientSecret ? `\nThe new secret, shown this once: ${added.clientSecret}` : '';
      return {
        json: Object.assign({}, added, { previousExpiresAt }),
        text: `Client ${clientId} has a new secret; ${previousExpiresAt ? `the one before is right until ${previousExpiresAt}` : 'it has no other'}.${shown}`,
      };
    });
  }
}
