// notify-update: the gateway, the floor and what a team would write first, on the same engine.
import { floor } from '../contenders/floor.mjs';
import { gateway } from '../contenders/gateway.mjs';
import { nestExpress } from '../contenders/nest-express.mjs';
import { generator, ms, percent, perSecond, ratio } from '../report/cells.mjs';
import { medians } from '../report/statistics.mjs';
import { Contestant } from './contestant.mjs';
import { inTurn } from './in-turn.mjs';

const CONTENDERS = [gateway, floor, nestExpress];
/** Where the bars are. */
const BUSY = 64;

export async function measureIntake({ engine, base, rounds, seconds, warmUpSeconds, connections, say }) {
  const contestants = [];
  const rows = [];
  let values = {};
  try {
    for (const contender of CONTENDERS) contestants.push(await Contestant.start(engine, contender, base));
    for (const contestant of contestants) await contestant.warmUp(warmUpSeconds);
    for (const count of connections) {
      const runs = await inTurn(rounds, contestants, (contestant) =>
        contestant.notify({ connections: count, seconds }),
      );
      const results = runs.map(medians);
      rows.push(...rowsOf(count, results));
      say(rows.slice(-results.length));
      if (count === BUSY) values = valuesOf(engine, results);
    }
    for (const contestant of contestants) await contestant.settle();
  } finally {
    for (const contestant of contestants) await contestant.close();
  }
  const head = [
    'Connections',
    'Server',
    'Throughput',
    'Gateway / this',
    'p50',
    'p99',
    'p99.9',
    "Server's core",
    'Generator',
  ];
  return { title: `Intake on ${engine.name}`, head, rows, values };
}

function rowsOf(connections, results) {
  return results.map((result, index) => [
    String(connections),
    CONTENDERS[index].name,
    perSecond(result.perSecond),
    index === 0 ? '' : ratio(results[0].perSecond / result.perSecond),
    ms(result.p50Ms),
    ms(result.p99Ms),
    ms(result.p999Ms),
    percent(result.busy.server),
    generator(result),
  ]);
}

function valuesOf({ key }, [ours, least, nest]) {
  return {
    [`intake.${key}.of-floor`]: ours.perSecond / least.perSecond,
    [`intake.${key}.p99-of-floor`]: ours.p99Ms / least.p99Ms,
    [`intake.${key}.of-nest-express`]: ours.perSecond / nest.perSecond,
  };
}
