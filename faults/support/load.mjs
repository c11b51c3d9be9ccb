import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { TARGETS } from './registry.mjs';

/**
 * Notifications at one instance, for a while.
 *
 * @param connections at most (open loop), or kept busy (closed loop)
 * @param ratePerSecond of the open loop; without it the loop is closed
 * @returns accepted a second, their latency, and all statuses, of the time after the warm-up
 */
export async function load({ gateway, authorization, connections, ratePerSecond, durationMs, warmUpMs = 1000 }) {
  const requests = TARGETS.map(({ merchantGatewayId, merchantId, tokenId }) =>
    [
      `POST /merchant-gateways/${merchantGatewayId}/merchants/${merchantId}/tokens/${tokenId}/notify-update HTTP/1.1`,
      'Host: gateway',
      `Authorization: ${authorization}`,
      'Content-Length: 0',
      '\r\n',
    ].join('\r\n'),
  );
  const workerData = { port: gateway.port, requests, connections, ratePerSecond, durationMs, warmUpMs };
  const worker = new Worker(new URL('load-worker.mjs', import.meta.url), { workerData });
  const [result] = await once(worker, 'message');
  return { ...result, acceptedPerSecond: (result.statuses[204] ?? 0) / result.seconds };
}
