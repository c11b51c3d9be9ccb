import { playFault } from '../support/play.mjs';

const TERMINATE = `
  select count(pg_terminate_backend(pid)) as ended from pg_stat_activity
  where datname = 'gateway' and application_name <> 'faults' and pid <> pg_backend_pid()`;

export const terminateBackends = {
  name: 'terminate-backends',
  fault: ({ quick }) => `\`pg_terminate_backend\` of all the gateways' sessions, ${times(quick)} times, 200 ms apart`,
  engines: ['postgres'],
  quick: true,
  play: (context) =>
    playFault(context, {
      fault: async ({ postgres }) => {
        let ended = 0;
        for (let turn = 0; turn < times(context.quick); turn += 1) {
          ended += Number((await postgres.query(TERMINATE))[0].ended);
          await context.wait(200);
        }
        return `${ended} sessions ended`;
      },
    }),
};

const times = (quick) => (quick ? 20 : 100);
