import { verdict } from '../support/play.mjs';
import { recovery } from '../support/recovery.mjs';
import { World } from '../support/world.mjs';

/** Callers keep an idle connection for 4 s; on a busy machine a request may take some more until it is here. */
const SHUTDOWN_DELAY_MS = 8000;

export const rollingRestart = {
  name: 'rolling-restart',
  fault: ({ quick }) =>
    `two instances stopped by \`SIGTERM\` and started again in turn, ${times(quick)} times; not one connection may break`,
  engines: ['postgres'],
  quick: true,
  play: async (context) => {
    const world = await World.open({
      ...context,
      env: { SHUTDOWN_DELAY_MS: String(SHUTDOWN_DELAY_MS) },
      d1: { ratePerSecond: 400 },
    });
    try {
      world.d1.begin();
      await context.wait(1000);
      const codes = await restartInTurn(context, world);
      const row = await verdict(world, { recovered: await recovery(world) });
      if (row.unanswered > 0) row.faults.push(`${row.unanswered} tries without an answer`);
      if (row.duplicates > 0) row.faults.push(`${row.duplicates} duplicates`);
      if (codes.some((code) => code !== 0)) row.faults.push(`exit codes ${codes.join(', ')}`);
      return { ...row, passed: row.faults.length === 0 };
    } finally {
      await world.close();
    }
  },
};

const times = (quick) => (quick ? 4 : 20);

async function restartInTurn({ quick, wait }, { gateways }) {
  const codes = [];
  for (let turn = 0; turn < times(quick); turn += 1) {
    const gateway = gateways[turn % gateways.length];
    codes.push(await gateway.end('SIGTERM'));
    await gateway.start();
    // Until the balancer has seen that it is ready.
    await wait(500);
  }
  return codes;
}
