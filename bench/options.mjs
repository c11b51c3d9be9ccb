// The command line of `npm run bench`.
import { Command, InvalidArgumentError, Option } from 'commander';
import { MEASURES } from './measures/index.mjs';

const wholeNumber = (text) => {
  if (!/^[1-9]\d*$/.test(text)) throw new InvalidArgumentError('A whole number from 1 is needed.');
  return Number(text);
};

const listOf = (allowed) => (text) => {
  const names = text.split(',');
  const unknown = names.find((name) => !allowed.includes(name));
  if (unknown !== undefined) throw new InvalidArgumentError(`${unknown} is not one of ${allowed.join(', ')}.`);
  return names;
};

const names = MEASURES.map(({ name }) => name);

/** @param {string[]} argv */
export function readOptions(argv) {
  return new Command('npm run bench --')
    .description('Measures the gateway, a bare server that does the same durable work, and the alternatives, in turn.')
    .option('--quick', 'two short rounds; fails only where a ratio falls below half its bar')
    .option('--only <measures>', names.join(', '), listOf(names))
    .addOption(
      new Option('--engine <engine>', 'by default both, where PostgreSQL is at hand').choices([
        'sqlite',
        'postgres',
        'both',
      ]),
    )
    .option('--rounds <number>', 'rounds of each measure (3)', wholeNumber)
    .option('--seconds <number>', 'of each run (5)', wholeNumber)
    .option('--growth', 'measure growth, too: 10,000 and 1,000,000 tokens and notifications')
    .option('--growth-sizes <numbers>', 'such as 10000,1000000,10000000', (text) => text.split(',').map(wholeNumber))
    .option('--import-tokens <number>', 'how many tokens to import (1,000,000)', wholeNumber)
    .option('--long', 'ten minutes of load for the memory')
    .option('--no-write', 'leave docs/performance.md as it is')
    .parse(argv)
    .opts();
}
