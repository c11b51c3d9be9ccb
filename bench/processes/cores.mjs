// Who runs on which core. The server has one for itself; the load, the receivers and the database's processes have the
// others: in production, too, the database is another machine.
import { execFileSync, spawnSync } from 'node:child_process';
import { cpus } from 'node:os';

export const SERVER_CORE = 0;

const CAN_PIN = cpus().length > 1 && spawnSync('taskset', ['-c', '0', 'true']).status === 0;

export const PINNING = CAN_PIN
  ? `server on core ${SERVER_CORE}, load and database on ${loadCores()}`
  : 'not pinned (no taskset, or one core only): server and load disturb each other';

/** @param {string[]} command */
export function onServerCore(command) {
  return CAN_PIN ? ['taskset', '-c', String(SERVER_CORE), ...command] : command;
}

/** Moves this process away from the server's core, and with it all that it starts from now on. */
export function leaveServerCore() {
  toLoadCores(process.pid);
}

export function toLoadCores(pid) {
  move(pid, loadCores());
}

/** Lets a process and all that it starts from now on run where there is room. */
export function onAnyCore(pid) {
  move(pid, `0-${cpus().length - 1}`);
}

function move(pid, cores) {
  if (CAN_PIN) execFileSync('taskset', ['-a', '-c', '-p', cores, String(pid)], { stdio: 'ignore' });
}

/** @returns a function that tells how busy each kind of core has been since, 0 to 1 */
export function watchCores() {
  const before = cpus();
  return () => {
    const shares = cpus().map(({ times }, core) => busyShare(before[core].times, times));
    const others = shares.filter((_, core) => core !== SERVER_CORE);
    return { server: shares[SERVER_CORE], load: Math.max(0, ...others) };
  };
}

function busyShare(before, after) {
  const spent = Object.keys(after).map((kind) => after[kind] - before[kind]);
  const all = spent.reduce((sum, ms) => sum + ms, 0);
  return all === 0 ? 0 : 1 - (after.idle - before.idle) / all;
}

function loadCores() {
  const last = cpus().length - 1;
  return last > 1 ? `1-${last}` : '1';
}
