// How long it takes, once a fault is over, until everything works again with nobody's help.
import { until } from './system.mjs';

const TIMEOUT_MS = 120_000;
const INTERVAL_MS = 50;

/**
 * @returns milliseconds until every instance has answered 204 to a new notification, and until the merchant has had one more:
 * what has piled up meanwhile comes first
 */
export async function recovery({ d1, intakes, receiver }) {
  const startedMs = performance.now();
  const passed = () => Math.round(performance.now() - startedMs);
  await Promise.all(intakes.map(({ url }) => firstAccepted(d1, url)));
  const intakeMs = passed();
  const before = receiver.correlationIds.size;
  await until(() => receiver.correlationIds.size > before, {
    what: 'deliveries go out again',
    timeoutMs: TIMEOUT_MS,
    intervalMs: INTERVAL_MS,
  });
  return { intakeMs, deliveryMs: passed() };
}

async function firstAccepted(d1, url) {
  // No answer, or none in time: not yet.
  const tried = async () => (await d1.probe(url).catch(() => undefined)) !== undefined;
  await until(tried, { what: `${url} takes notifications again`, timeoutMs: TIMEOUT_MS, intervalMs: INTERVAL_MS });
}
