import { setTimeout as wait } from 'node:timers/promises';

const POLL_MS = 20;

/**
 * @param {() => boolean} holds
 * @param {number} timeoutMs
 * @param {string} what is waited for, for the error
 */
export async function until(holds, timeoutMs, what) {
  const deadlineMs = performance.now() + timeoutMs;
  while (!holds()) {
    if (performance.now() > deadlineMs) throw new Error(`Waited in vain for ${what}`);
    await wait(POLL_MS);
  }
}
