// CPU that processes have used, from /proc (Linux).
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

const TICKS_PER_SECOND = Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }));

/** Of a process and its children, those that have ended included. @param {number} pid */
export function cpuSeconds(pid) {
  const own = statOf(pid);
  const children = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((name) => statOf(Number(name)))
    .filter((stat) => stat?.parent === pid);
  return (own.used + own.usedByEnded + children.reduce((sum, { used }) => sum + used, 0)) / TICKS_PER_SECOND;
}

/** In which cores had nothing to do, or waited for the disk; of all cores together. */
export function idleSeconds() {
  const [, , , , idle, waiting] = readFileSync('/proc/stat', 'utf8').split('\n')[0].split(/\s+/).map(Number);
  return (idle + waiting) / TICKS_PER_SECOND;
}

/** @returns undefined where there is no such process any more */
function statOf(pid) {
  try {
    // After the command's name, which may hold anything, closed by the last parenthesis.
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(')').at(-1).trim().split(' ').map(Number);
    const [, parent] = fields;
    const [user, system, usersOfEnded, systemsOfEnded] = fields.slice(11);
    return { parent, used: user + system, usedByEnded: usersOfEnded + systemsOfEnded };
  } catch {
    return undefined;
  }
}
