import { load } from '../support/load.mjs';
import { authorization, D1 } from '../support/registry.mjs';
import { Skipped } from '../support/system.mjs';
import { World } from '../support/world.mjs';

const CONNECTIONS = [16, 64, 256];
const TIMES = 3;
/** Of them so many must have been offered, or nothing is shown. */
const MIN_TIMES = 2.9;
const WARM_UP_MS = 3000;
/** So many that the generator never waits for a free one. */
const MANY = 2000;
const MAX_P99_MS = 250;
const MIN_SHARE = 0.9;

export const overload = {
  name: 'overload',
  fault: () => 'three times the sustainable load, whether it is answered or not (open loop)',
  engines: ['postgres', 'sqlite'],
  quick: false,
  play: async (context) => {
    // On SQLite the one instance must have both; there is nothing to deliver.
    const roles = [context.engine === 'sqlite' ? 'intake,dispatcher' : 'intake'];
    const world = await World.open({ ...context, roles, env: { LOG_LEVEL: 'info' }, delivers: false });
    try {
      const [gateway] = world.gateways;
      const common = { gateway, authorization: await authorization(gateway.url, D1) };
      const best = await sustainable(context, common);
      const durationMs = context.quick ? 6000 : 15_000;
      const ratePerSecond = Math.round(best * TIMES);
      const over = await load({ ...common, connections: MANY, ratePerSecond, durationMs, warmUpMs: WARM_UP_MS });
      const alone = await load({ ...common, connections: 4, durationMs: 2000 });
      return rowOf(best, over, alone, await world.query('select count(*) as n from notifications'));
    } finally {
      await world.close();
    }
  },
};

/** The most that is accepted when nobody sends before the answer: with more connections it does not rise. */
async function sustainable({ quick }, common) {
  const rates = [];
  for (const connections of CONNECTIONS) {
    rates.push((await load({ ...common, connections, durationMs: quick ? 3000 : 6000 })).acceptedPerSecond);
  }
  return Math.max(...rates);
}

function rowOf(best, over, alone, [{ n }]) {
  const { 204: accepted = 0, 503: unavailable = 0, ...others } = over.statuses;
  const share = over.acceptedPerSecond / best;
  const offeredPerSecond = over.sent / (over.seconds + WARM_UP_MS / 1000);
  const times = offeredPerSecond / best;
  const isOverload = times >= MIN_TIMES;
  const faults = [
    isOverload && share < MIN_SHARE && `accepts ${share.toFixed(2)} of the best rate`,
    isOverload && over.p99 >= MAX_P99_MS && `p99 of the accepted is ${Math.round(over.p99)} ms`,
    over.broken > 0 && `${over.broken} connections broken`,
    Object.keys(others).length > 0 && `other answers: ${JSON.stringify(others)}`,
    Object.keys(alone.statuses).some((status) => status !== '204') && `afterwards: ${JSON.stringify(alone.statuses)}`,
    Number(n) < accepted && `${accepted - Number(n)} lost`,
  ].filter(Boolean);
  const noted =
    `best ${Math.round(best)}/s; offered ${Math.round(offeredPerSecond)}/s (${times.toFixed(2)} times the best), accepted ` +
    `${Math.round(over.acceptedPerSecond)}/s (${share.toFixed(2)} of the best), p50 ${Math.round(over.p50)} ms, p99 ` +
    `${Math.round(over.p99)} ms, 503 for ${Math.round((100 * unavailable) / (accepted + unavailable))} %`;
  // What must never be fails under any load; rate and latency say nothing of an overload that was none.
  if (faults.length === 0 && !isOverload) {
    throw new Skipped(`the generator came to less than ${MIN_TIMES} times the sustainable load: ${noted}`);
  }
  return {
    passed: faults.length === 0,
    faults,
    sent: accepted + unavailable,
    accepted,
    unavailable,
    unanswered: over.broken,
    delivered: '—',
    duplicates: '—',
    lost: Math.max(0, accepted - Number(n)),
    noted,
  };
}
