// Load by autocannon, where there is no wrk. It runs in this process.
import autocannon from 'autocannon';

/**
 * @param {{ url: string, connections: number, seconds: number, request: object, nextRequest?: () => object }} options
 * @returns the same as `wrk`
 */
export async function cannon({ url, connections, seconds, request, nextRequest }) {
  const before = process.cpuUsage();
  const result = await autocannon({
    url,
    connections,
    duration: seconds,
    timeout: 30,
    requests: [nextRequest ? { ...request, setupRequest: (shared) => ({ ...shared, ...nextRequest() }) } : request],
  });
  const { user, system } = process.cpuUsage(before);
  return {
    requests: result['2xx'],
    seconds: result.duration,
    p50Ms: result.latency.p50,
    p99Ms: result.latency.p99,
    p999Ms: result.latency.p99_9,
    maxMs: result.latency.max,
    cpuSeconds: (user + system) / 1e6,
    refused: result.non2xx,
    broken: result.errors,
  };
}
