// Ports, processes, waiting for a condition.
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';

export async function freePort() {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address();
  probe.close();
  await once(probe, 'close');
  return port;
}

/** Pids of a process' children, read from /proc. */
export function childrenOf(pid) {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((child) => parentOf(child) === pid);
}

function parentOf(pid) {
  try {
    // After the command's name, which may hold anything, closed by the last parenthesis.
    return Number(readFileSync(`/proc/${pid}/stat`, 'utf8').split(')').at(-1)?.trim().split(' ')[1]);
  } catch {
    return undefined;
  }
}

/**
 * Asks until the condition holds.
 *
 * @param stop says why it never will
 * @returns milliseconds that it took
 */
export async function until(condition, { what, timeoutMs, intervalMs = 20, stop = () => false }) {
  const startedMs = performance.now();
  for (;;) {
    if (await condition()) return Math.round(performance.now() - startedMs);
    const reason = stop();
    if (reason) throw new Error(`Not in sight: ${what}: ${reason}`);
    if (performance.now() - startedMs > timeoutMs) throw new Error(`Not within ${timeoutMs / 1000} s: ${what}`);
    await wait(intervalMs);
  }
}

/** What must be undone however the suite ends: processes that are stopped, disks that are mounted. @returns it undone */
export function atExit(undo) {
  process.once('exit', undo);
  return () => {
    process.off('exit', undo);
    undo();
  };
}

/** A scenario cannot be played on this machine. It is reported as skipped, never as passed. */
export class Skipped extends Error {}
