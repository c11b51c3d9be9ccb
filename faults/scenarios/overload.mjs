import { writeFileSync } from 'node:fs';
import { load } from '../support/load/load.mjs';
import { authorization, D1 } from '../support/registry.mjs';
import { slowFsync } from '../support/slow-fsync.mjs';
import { World } from '../support/world.mjs';
import { acceptedPerSecond, judge } from './overload-verdict.mjs';

/**
 * The limit is the disk, as with a database on another machine; and small batches, so that a process on the other core can
 * offer three times what the disk lets pass. Were the CPU the limit, each refusal would take from what is accepted.
 */
const DELAY_MS = 20;
const BATCH_SIZE = 8;
/** They keep all batches full that are written at the same time, four on PostgreSQL and one on SQLite, and the next ones. */
const CLOSED_LOOP = { postgres: 64, sqlite: 24 };
/** So many that the generator never waits for a free one. */
const OPEN_LOOP = 1000;
const TIMES = 3;
/** Of the best rate, afterwards. */
const CALM = 0.5;
const DURATIONS = {
  quick: { rounds: 1, closedMs: 3000, overMs: 5000, calmMs: 2000 },
  full: { rounds: 5, closedMs: 4000, overMs: 6000, calmMs: 5000 },
};

export const overload = {
  name: 'overload',
  fault: () =>
    `three times what can be sustained, answered or not (open loop); every sync of the database ${DELAY_MS} ms slower, ` +
    `batches of ${BATCH_SIZE}`,
  engines: ['postgres', 'sqlite'],
  quick: true,
  play: async (context) => {
    const disk = slowFsync(`${context.folder}-fsync`);
    const world = await World.open({ ...context, ...optionsOf(context.engine, disk), delivers: false });
    try {
      const [gateway] = world.gateways;
      const caller = { gateway, authorization: await authorization(gateway.url, D1) };
      writeFileSync(disk.file, String(DELAY_MS));
      const phases = await play(context, caller);
      const rows = await world.query('select correlation_id from notifications');
      return judge({ quick: context.quick, ...phases, kept: new Set(rows.map((row) => row.correlation_id)) });
    } finally {
      await world.close();
    }
  },
};

function optionsOf(engine, disk) {
  const env = { LOG_LEVEL: 'info', INTAKE_BATCH_SIZE: String(BATCH_SIZE) };
  // On SQLite the one instance must have both roles; there is nothing to deliver.
  return engine === 'sqlite'
    ? { roles: ['intake,dispatcher'], env: { ...env, ...disk.env } }
    : { roles: ['intake'], env, postgres: { env: disk.env } };
}

/** The best and three times the best in alternation, since nobody has a machine that is the same for a minute. */
async function play({ engine, quick }, caller) {
  const { rounds, closedMs, overMs, calmMs } = quick ? DURATIONS.quick : DURATIONS.full;
  const closedLoop = { ...caller, connections: CLOSED_LOOP[engine], phases: [{ durationMs: closedMs }] };
  const closed = [];
  const over = [];
  const [start] = await load(closedLoop);
  for (let round = 1; ; round += 1) {
    const [sustained] = await load(closedLoop);
    const best = acceptedPerSecond([sustained]);
    const phases = [{ ratePerSecond: best * TIMES, durationMs: overMs }];
    if (round === rounds) phases.push({ ratePerSecond: best * CALM, durationMs: calmMs });
    const [overloaded, calm] = await load({ ...caller, connections: OPEN_LOOP, phases });
    closed.push(sustained);
    over.push(overloaded);
    if (calm) return { start, closed, over, calm };
  }
}
