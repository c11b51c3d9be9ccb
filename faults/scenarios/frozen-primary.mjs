import { playFault } from '../support/play.mjs';

export const frozenPrimary = {
  name: 'frozen-primary',
  fault: ({ quick }) => `every process of PostgreSQL stopped (\`SIGSTOP\`) for ${seconds(quick)} s, then \`SIGCONT\``,
  engines: ['postgres'],
  quick: true,
  play: (context) =>
    playFault(context, {
      // What was sent while leases ran out cannot be recorded in time, and is sent again.
      mayRecordTwice: true,
      fault: async ({ postgres }) => {
        postgres.freeze();
        await context.wait(seconds(context.quick) * 1000);
        postgres.thaw();
      },
    }),
};

const seconds = (quick) => (quick ? 14 : 20);
