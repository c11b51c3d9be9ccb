import { Injectable } from '@nestjs/common';
import { SubCommand } from 'nest-commander';
import { CliCommand, type CommandLine, type Done } from '../command-line.js';
import { Toolbox } from '../toolbox.js';

/** Decorated so that those below get what its constructor asks for. */
@Injectable()
abstract class ClientSwitchCommand extends CliCommand {
  protected abstract readonly disabled: boolean;

  constructor(private readonly toolbox: Toolbox) {
    super();
  }

  protected override define(line: CommandLine): CommandLine {
    return line;
  }

  protected override async execute([clientId = '']: readonly string[]): Promise<Done> {
    const { ClientsService } = await import('../../operations/registry/clients.service.js');
    return this.toolbox.use(async ({ services, operator }) => {
      const { disabled } = this;
      const always = { ifMatch: undefined, ifNoneMatch: undefined };
      const { body } = await services.get(ClientsService).change(clientId, { disabled }, operator, always);
      return { json: body, text: `Client ${clientId} is ${disabled ? 'disabled' : 'enabled'}.` };
    });
  }
}

@SubCommand({
  name: 'disable',
  arguments: '<client-id>',
  description: 'give a client no access tokens, and refuse those it has',
})
export class ClientDisableCommand extends ClientSwitchCommand {
  protected override readonly examples = ['client disable is_tbank01'];
  protected override readonly disabled = true;
}

@SubCommand({ name: 'enable', arguments: '<client-id>', description: 'undo client disable' })
export class ClientEnableCommand extends ClientSwitchCommand {
  protected override readonly examples = ['client enable is_tbank01'];
  protected override readonly disabled = false;
}
