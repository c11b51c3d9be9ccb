import { readFileSync } from 'node:fs';
import { expect, it, vi } from 'vitest';
import { cli } from '../../support/cli.js';

vi.setConfig({ testTimeout: 120_000 });

const page = readFileSync('docs/cli.md', 'utf8');
const documented = new Map(
  [...page.matchAll(/^#+ `(d1-gateway[^`]*)`\n(?:(?!\n#)[^])*?```text\n([^`]*)```/gm)].map(([, command = '', help]) => [
    command,
    help,
  ]),
);

it('docs/cli.md has every command, with the help that it prints (node scripts/write-cli-docs.mjs)', async () => {
  const waiting = ['d1-gateway'];
  const printed = new Map<string, string>();
  for (let command = waiting.shift(); command !== undefined; command = waiting.shift()) {
    const { code, stdout } = await cli({ env: {} }, [...command.split(' ').slice(1), '--help']);
    expect(code).toBe(0);
    printed.set(command, stdout);
    const [, commands = ''] = stdout.split('\nCommands:\n');
    for (const [, name] of commands.matchAll(/^ {2}([a-z-]+)/gm))
      if (name !== 'help') waiting.push(`${command} ${name}`);
  }
  expect(Object.fromEntries(documented)).toEqual(Object.fromEntries(printed));
});
