import { playFault } from '../support/play.mjs';

const HOLD_MS = 15_000;

/** Every session of the gateways waits for a lock that somebody else holds. */
const locked = {
  name: 'pool-exhausted',
  fault: () => 'pools of 4, and a session that locks the table of tokens for 15 s, so that all of them wait',
  engines: ['postgres'],
  quick: false,
  play: (context) =>
    playFault(context, {
      world: { env: { DATABASE_POOL_SIZE: '4' } },
      fault: async ({ postgres }) => {
        const other = await postgres.connect();
        await other.query('begin');
        await other.query('lock table tokens in access exclusive mode');
        await context.wait(HOLD_MS);
        await other.query('rollback');
        await other.end();
      },
    }),
};

const TERMINATE = `
  select pg_terminate_backend(pid) from pg_stat_activity where datname = 'gateway' and application_name <> 'faults'`;

const usedUp = {
  name: 'connections-used-up',
  fault: () => "all of the server's connections taken by others for 15 s, the gateways' own ended",
  engines: ['postgres'],
  quick: false,
  play: (context) =>
    playFault(context, {
      // The gateways of the suite are superusers; none is kept for these.
      world: { postgres: { settings: { max_connections: 40, superuser_reserved_connections: 0 } } },
      fault: async ({ postgres }) => {
        const others = [await postgres.connect()];
        const endMs = performance.now() + HOLD_MS;
        while (performance.now() < endMs) {
          await others[0].query(TERMINATE);
          await takeAll(postgres, others);
          await context.wait(50);
        }
        await Promise.all(others.map((other) => other.end()));
        return `${others.length} sessions`;
      },
    }),
};

async function takeAll(postgres, others) {
  for (;;) {
    try {
      others.push(await postgres.connect());
    } catch {
      return;
    }
  }
}

export const exhaustions = [locked, usedUp];
