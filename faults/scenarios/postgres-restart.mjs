import { playFault } from '../support/play.mjs';

/** `fast` ends every session; `immediate` is as good as a crash of the server. */
export const postgresRestarts = ['fast', 'immediate'].map((mode) => ({
  name: `postgres-restart-${mode}`,
  fault: () => `PostgreSQL stopped (\`${mode}\`) for 3 s and started again, three times`,
  engines: ['postgres'],
  quick: mode === 'immediate',
  play: (context) =>
    playFault(context, {
      fault: async ({ postgres }) => {
        for (let turn = 0; turn < 3; turn += 1) {
          await postgres.down(mode);
          await context.wait(3000);
          await postgres.up();
          if (turn < 2) await context.wait(2000);
        }
      },
    }),
}));
