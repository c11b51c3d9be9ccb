import { setTimeout as wait } from 'node:timers/promises';
import { isConflict } from './failure-class.js';

/** Another process holds SQLite's write lock (a registry change, an import, a backup): asked again until then. */
const LOCK_TIMEOUT_MS = 5000;
const LOCK_RETRY_MS = 2;

/**
 * Waits for SQLite's write lock without holding up the event loop, as SQLite's own waiting (`busy_timeout`) would.
 *
 * @param work fails with `SQLITE_BUSY` where the lock is another's, and has then done nothing
 * @throws SQLITE_BUSY where the lock was not to be had in 5 s
 */
export async function untilUnlocked<T>(work: () => T | Promise<T>): Promise<T> {
  const deadlineMs = performance.now() + LOCK_TIMEOUT_MS;
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (!isConflict(error) || performance.now() >= deadlineMs) throw error;
      await wait(LOCK_RETRY_MS);
    }
  }
}
