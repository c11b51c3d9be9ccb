import { SubCommand } from 'nest-commander';
import { CliCommand, type CommandLine, type Done } from '../command-line.js';
import { Toolbox } from '../toolbox.js';

@SubCommand({
  name: 'end-secret',
  arguments: '<client-id> <secret-id>',
  description: 'take one of two secrets from a client, at once',
})
export class ClientEndSecretCommand extends CliCommand {
  protected override readonly examples = [
    'client list',
    'client end-secret is_tbank01 019a0000-0000-7000-8000-000000000000',
  ];

  constructor(private readonly toolbox: Toolbox) {
    super();
  }

  protected override define(line: CommandLine): CommandLine {
    return line;
  }

  protected override async execute([clientId = '', secretId = '']: readonly string[]): Promise<Done> {
    const { ClientSecretsService } = await import('../../operations/registry/client-secrets.service.js');
    return this.toolbox.use(async ({ services, operator }) => {
      await services.get(ClientSecretsService).remove(clientId, secretId, operator);
      return { json: { clientId, ended: secretId }, text: `Secret ${secretId} of ${clientId} is refused from now on.` };
    });
  }
}
