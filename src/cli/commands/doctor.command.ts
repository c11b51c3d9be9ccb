import { Command } from 'nest-commander';
import type { Finding } from '../doctor/finding.js';
import { CliCommand, type CommandLine, type Done } from '../command-line.js';
import { FAILED, LOOK } from '../exit-code.js';

const SIGN = { ok: '✓', warning: '!', failure: '✗' } as const;

@Command({
  name: 'doctor',
  description: 'look at configuration, database, keys, clock, TLS files and disk, and say what to do',
})
export class DoctorCommand extends CliCommand {
  protected override readonly examples = ['doctor', 'doctor --json | jq ".findings[] | select(.status != \\"ok\\")"'];

  protected override define(line: CommandLine): CommandLine {
    return line.addHelpText('after', '\nExit code: 0 all is well, 1 something fails, 2 something to look at.');
  }

  protected override async execute(): Promise<Done> {
    const { examine } = await import('../doctor/examine.js');
    const findings = await examine(process.env);
    const failures = findings.filter(({ status }) => status === 'failure').length;
    const warnings = findings.filter(({ status }) => status === 'warning').length;
    return {
      json: { failures, warnings, findings },
      text: [...findings.map(lineOf), '', `${counted(failures, 'failure')}, ${counted(warnings, 'warning')}`].join(
        '\n',
      ),
      exitCode: failures > 0 ? FAILED : warnings > 0 ? LOOK : 0,
    };
  }
}

function lineOf({ status, check, message, advice }: Finding): string {
  return `${SIGN[status]} ${check}: ${message}${advice === undefined ? '' : `\n    → ${advice}`}`;
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}
