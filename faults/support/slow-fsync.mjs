// A slow disk for one process and its children: a library loaded before libc, compiled here from slow-fsync.c.
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { Skipped } from './system.mjs';

const SOURCE = 'faults/support/slow-fsync.c';

/**
 * @returns the environment of a process whose syncs take as long as `file` says, in milliseconds; none while there is no file
 * @throws Skipped without a compiler
 */
export function slowFsync(folder) {
  mkdirSync(folder, { recursive: true });
  // PostgreSQL reads it as another user.
  chmodSync(folder, 0o755);
  const library = join(folder, 'slow-fsync.so');
  try {
    execFileSync('cc', ['-shared', '-fPIC', '-O2', '-o', library, SOURCE, '-ldl'], { stdio: 'pipe' });
  } catch (error) {
    throw new Skipped(`slow-fsync.c cannot be compiled (${error.message.split('\n')[0]})`);
  }
  const file = join(folder, 'delay-ms');
  return { env: { LD_PRELOAD: library, SLOW_FSYNC_FILE: file }, file };
}
