import { readFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { GENERATOR } from '../load/load.mjs';
import { PINNING } from '../processes/cores.mjs';

/**
 * Machine and method, in words.
 *
 * @param {{ rounds: number, seconds: number, tokens: number, servers: string[] }} plan `servers`: the databases', described
 */
export function method({ rounds, seconds, tokens, servers }) {
  const memoryGb = Math.round(totalmem() / 2 ** 30);
  const { version } = JSON.parse(readFileSync('package.json', 'utf8'));
  const date = new Date().toISOString().slice(0, 10);
  return [
    `**Machine**: ${cpus()[0]?.model}, ${cpus().length} cores, ${memoryGb} GB, Node ${process.version}; ${date}, version ${version}.`,
    `**Method**: ${[PINNING, ...servers].join('. ')}. Load by ${GENERATOR}, ${tokens.toLocaleString('en')} tokens. ` +
      `Servers in turn, ${rounds} rounds of ${seconds} s; the figures are medians. Every measure has checked that what was ` +
      'answered with 204 is on disk, and that there was no other answer.',
  ];
}
