import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { TARGETS } from '../registry.mjs';

/**
 * Notifications at one instance, phase after phase on the same connections.
 *
 * @param phases each of so many `ratePerSecond` (open loop), or as many as are answered (closed loop), for `durationMs`
 * @returns of each phase the tally of the requests that were due in it
 */
export async function load({ gateway, authorization, connections, phases }) {
  const workerData = { port: gateway.port, targets: TARGETS, authorization, connections, phases };
  const worker = new Worker(new URL('worker.mjs', import.meta.url), { workerData });
  // An error of the thread is thrown here.
  const [tallies] = await once(worker, 'message');
  await worker.terminate();
  return tallies;
}
