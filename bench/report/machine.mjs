import { readFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { GENERATOR } from '../load/load.mjs';
import { PINNING } from '../processes/cores.mjs';

/** Machine and method, in words. */
export function method({ rounds, seconds, tokens }) {
  const memoryGb = Math.round(totalmem() / 2 ** 30);
  const { version } = JSON.parse(readFileSync('package.json', 'utf8'));
  const date = new Date().toISOString().slice(0, 10);
  return [
    `**Machine**: ${cpus()[0]?.model}, ${cpus().length} cores, ${memoryGb} GB, Node ${process.version}; ${date}, version ${version}.`,
    `**Method**: ${PINNING}. Load by ${GENERATOR}, ${tokens.toLocaleString('en')} tokens. ` +
      `Servers in turn, ${rounds} rounds of ${seconds} s; the figures are medians. Every measure has checked that what was ` +
      'answered with 204 is on disk, and that there was no other answer.',
  ];
}
