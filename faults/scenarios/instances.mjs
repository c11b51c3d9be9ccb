import { verdict } from '../support/play.mjs';
import { recovery } from '../support/recovery.mjs';
import { World } from '../support/world.mjs';

const ROLES = ['intake', 'intake', 'intake', 'dispatcher', 'dispatcher'];
const BETWEEN_KILLS_MS = 5000;

export const instances = {
  name: 'instances',
  fault: ({ quick }) =>
    `three intake instances and two dispatchers, D1 at full rate, one of the five killed every 5 s for ${seconds(quick)} s`,
  engines: ['postgres'],
  quick: false,
  play: async (context) => {
    const world = await World.open({
      ...context,
      roles: ROLES,
      d1: { connections: 16, ratePerSecond: Number.POSITIVE_INFINITY },
    });
    try {
      world.d1.begin();
      await killInTurn(context, world.gateways);
      const recovered = await recovery(world);
      return await verdict(world, { recovered, settleTimeoutMs: 300_000 });
    } finally {
      await world.close();
    }
  },
};

const seconds = (quick) => (quick ? 20 : 120);

async function killInTurn({ quick, wait }, gateways) {
  const starting = [];
  const endMs = performance.now() + seconds(quick) * 1000;
  for (let turn = 0; performance.now() < endMs; turn += 1) {
    const next = wait(BETWEEN_KILLS_MS);
    // Three and five have no common divisor: each of the five has its turn, and never the same two in a row.
    const gateway = gateways[(turn * 3) % gateways.length];
    await gateway.end('SIGKILL');
    starting.push(gateway.start());
    await next;
  }
  await Promise.all(starting);
}
