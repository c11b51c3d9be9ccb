import { Command } from 'nest-commander';
import type { PlannedChange } from '../../registry/provisioning/planned-change.js';
import { CliCommand, type CommandLine, type Done } from '../command-line.js';
import { CliError } from '../error-line.js';
import { LOOK } from '../exit-code.js';
import { Toolbox } from '../toolbox.js';

interface Options {
  readonly check?: boolean;
  readonly apply?: boolean;
}

const SIGN = { add: '+', change: '~', enable: '!' } as const;

@Command({
  name: 'provision',
  arguments: '<file>',
  argsDescription: { file: 'a provisioning file (docs/configuration.md)' },
  description: 'tell what a provisioning file would change, and apply it',
})
export class ProvisionCommand extends CliCommand<Options> {
  protected override readonly examples = [
    'provision --check provision.json',
    'provision --apply provision.yaml',
    'provision --check --json provision.json',
  ];

  constructor(private readonly toolbox: Toolbox) {
    super();
  }

  protected override define(line: CommandLine): CommandLine {
    return line
      .option('--check', 'change nothing; exit with 2 where the file would change something')
      .option('--apply', 'print the same, then apply it: all of it or nothing')
      .addHelpText('after', '\n  + added   ~ changed   ! enabled again   (nothing is ever removed or disabled)');
  }

  protected override async execute([file = '']: readonly string[], { check, apply }: Options): Promise<Done> {
    if (Boolean(check) === Boolean(apply)) throw new CliError('say either --check or --apply');
    const [{ ProvisionPlan }, { Provisioner }, { GatewayConfig }] = await Promise.all([
      import('../../registry/provisioning/provision-plan.js'),
      import('../../registry/provisioning/provisioner.js'),
      import('../../config/gateway-config.js'),
    ]);
    return this.toolbox.use(async ({ services, operator }) => {
      const changes = await services.get(ProvisionPlan).read(file);
      if (check || changes.length === 0) {
        const exitCode = changes.length > 0 ? LOOK : 0;
        return { json: { changes, applied: false }, text: diff(changes), exitCode };
      }
      const { production } = services.get<InstanceType<typeof GatewayConfig>>(GatewayConfig);
      const { generatedSecrets } = await services.get(Provisioner).applyFile(file, {
        generateSecrets: !production,
        actor: operator,
      });
      const secrets = [...generatedSecrets].map(([id, secret]) => `\nSecret of ${id}, shown this once: ${secret}`);
      return {
        json: { changes, applied: true, generatedSecrets: Object.fromEntries(generatedSecrets) },
        text: `${diff(changes)}\nApplied.${secrets.join('')}`,
      };
    });
  }
}

function diff(changes: readonly PlannedChange[]): string {
  if (changes.length === 0) return 'Nothing to change.';
  return changes.map(({ kind, what, detail }) => `${SIGN[kind]} ${what}${detail ? `: ${detail}` : ''}`).join('\n');
}
