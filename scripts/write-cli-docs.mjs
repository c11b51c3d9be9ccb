// Writes the help texts in docs/cli.md after a change of commands: each stands in a block after its heading.
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';

const PAGE = 'docs/cli.md';

/** As it is printed where there is no terminal: 80 columns. */
function helpOf(command) {
  const args = ['dist/src/cli/main.js', ...command.split(' ').slice(1), '--help'];
  return execFileSync(process.execPath, args, { encoding: 'utf8' }).trimEnd();
}

const page = readFileSync(PAGE, 'utf8').replaceAll(
  /^(#+ `(d1-gateway[^`]*)`\n(?:(?!\n#)[^])*?```text\n)[^`]*(?=```)/gm,
  (_block, before, command) => `${before}${helpOf(command)}\n`,
);
writeFileSync(PAGE, page);
