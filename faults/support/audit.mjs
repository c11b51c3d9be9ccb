// After a fault: is everything that got a 204 on disk, delivered, recorded once, and accounted for?
import { authorization, MERCHANT_GATEWAY, OPERATOR } from './registry.mjs';
import { until } from './system.mjs';

/** Whatever is pending then is late, and the scenario has failed. */
const SETTLE_TIMEOUT_MS = 90_000;

const SUCCESSES = `
  select count(*) as n from (
    select delivery_id from delivery_attempts where outcome = 'delivered' group by delivery_id having count(*) > 1) twice`;
const UNRECORDED = `
  select count(*) as n from deliveries d
  where state = 'delivered' and not exists (
    select 1 from delivery_attempts a where a.delivery_id = d.id and a.outcome = 'delivered')`;

export async function audit(world, timeoutMs = SETTLE_TIMEOUT_MS) {
  const { d1, receiver } = world;
  const settledAfterMs = await settled(world, timeoutMs);
  const notifications = await world.query('select correlation_id from notifications');
  const kept = new Set(notifications.map((row) => row.correlation_id));
  const deliveries = await world.query('select id, state from deliveries');
  const lost = {
    notOnDisk: [...d1.acknowledged].filter((id) => !kept.has(id)),
    notDelivered: [...d1.acknowledged].filter((id) => !receiver.correlationIds.has(id)),
    notReceived: deliveries.filter(({ id, state }) => state === 'delivered' && !receiver.timesById.has(id)),
  };
  return {
    settledAfterMs,
    notifications: notifications.length,
    deliveries: deliveries.length,
    undelivered: deliveries.filter(({ state }) => state !== 'delivered').length,
    lost: new Set([...lost.notOnDisk, ...lost.notDelivered]).size + lost.notReceived.length,
    details: lost,
    recordedTwice: Number((await world.query(SUCCESSES))[0].n),
    unrecorded: Number((await world.query(UNRECORDED))[0].n),
    balanced: (await reconciliation(world)).balanced,
  };
}

function settled(world, timeoutMs) {
  return until(
    async () => Number((await world.query("select count(*) as n from deliveries where state = 'pending'"))[0].n) === 0,
    {
      what: 'nothing is pending',
      timeoutMs,
      intervalMs: 200,
    },
  ).catch(() => undefined);
}

async function reconciliation({ intakes: [{ url }] }) {
  const headers = { authorization: await authorization(url, OPERATOR) };
  const answer = await fetch(`${url}/operations/reconciliation?merchantGatewayId=${MERCHANT_GATEWAY}`, { headers });
  return answer.json();
}
