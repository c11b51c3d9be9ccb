// From the start of the process to ready, on a database that is there; and its memory when the start's garbage is gone.
import { setTimeout as wait } from 'node:timers/promises';
import { gateway } from '../contenders/gateway.mjs';
import { mb, ms } from '../report/cells.mjs';
import { median } from '../report/statistics.mjs';
import { inTurn } from './in-turn.mjs';

const IDLE_AFTER_MS = 3000;

export async function measureStart({ engine, base, rounds, say }) {
  const database = await engine.copy(base);
  const start = async () => {
    const server = await gateway.start(database);
    try {
      await wait(IDLE_AFTER_MS);
      return { readyMs: server.readyMs, rssMb: server.rssMb() };
    } finally {
      await server.stop();
    }
  };
  const [starts] = await inTurn(rounds, [undefined], start);
  await engine.drop(database);
  const readyMs = median(starts.map((each) => each.readyMs));
  const rows = [
    ['start to ready', ms(readyMs)],
    ['RSS idle', mb(median(starts.map(({ rssMb }) => rssMb)))],
  ];
  say(rows);
  return {
    title: `Start on ${engine.name}`,
    head: ['', ''],
    rows,
    values: { [`start.${engine.key}.ready-ms`]: readyMs },
  };
}
