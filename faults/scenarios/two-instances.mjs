import { verdict } from '../support/play.mjs';
import { World } from '../support/world.mjs';

export const twoInstances = {
  name: 'two-instances',
  fault: ({ quick }) => `two instances with the same work at full rate for ${seconds(quick)} s, and nothing broken`,
  engines: ['postgres'],
  quick: true,
  play: async (context) => {
    const world = await World.open({ ...context, d1: { connections: 16, ratePerSecond: Number.POSITIVE_INFINITY } });
    try {
      world.d1.begin();
      await context.wait(seconds(context.quick) * 1000);
      const row = await verdict(world, {});
      if (row.duplicates > 0) {
        row.passed = false;
        row.faults.push(`${row.duplicates} duplicates, though nothing was broken`);
      }
      return row;
    } finally {
      await world.close();
    }
  },
};

const seconds = (quick) => (quick ? 5 : 20);
