// The same intake with more and more tokens registered and notifications stored.
import { floor } from '../contenders/floor.mjs';
import { gateway } from '../contenders/gateway.mjs';
import { makeBase } from '../databases/base.mjs';
import { generator, ms, perSecond, ratio } from '../report/cells.mjs';
import { medians } from '../report/statistics.mjs';
import { Contestant } from './contestant.mjs';
import { inTurn } from './in-turn.mjs';

const CONNECTIONS = 64;

export async function measureGrowth({ engine, growthSizes, narrowRounds, seconds, growthWarmUpSeconds, say }) {
  const contestants = [];
  try {
    for (const size of growthSizes) {
      const base = await makeBase(engine, { fills: [{ tokens: size, notifications: size }] });
      for (const contender of [gateway, floor]) {
        contestants.push(Object.assign(await Contestant.start(engine, contender, base), { size }));
      }
      await engine.drop(base);
    }
    for (const { database } of contestants) await engine.bringToRest(database);
    const run = (lengthSeconds) => (contestant) =>
      contestant.notify({ connections: CONNECTIONS, seconds: lengthSeconds, tokens: contestant.size });
    await inTurn(1, contestants, run(growthWarmUpSeconds));
    const results = (await inTurn(narrowRounds, contestants, run(seconds))).map(medians);
    for (const contestant of contestants) await contestant.settle();
    return report(engine, contestants, results, { say, rounds: narrowRounds });
  } finally {
    for (const contestant of contestants) await contestant.close();
  }
}

function report(engine, contestants, results, { say, rounds }) {
  const smallestOf = (name) => results[contestants.findIndex((contestant) => contestant.name === name)];
  const rows = contestants.map(({ size, name }, index) => [
    size.toLocaleString('en'),
    name,
    perSecond(results[index].perSecond),
    ratio(results[index].perSecond / smallestOf(name).perSecond),
    ms(results[index].p99Ms),
    generator(results[index]),
  ]);
  say(rows);
  const largest = results[contestants.findLastIndex(({ name }) => name === gateway.name)];
  return {
    title: `Growth on ${engine.name}, ${CONNECTIONS} connections, ${rounds} rounds`,
    head: ['Tokens, and notifications stored', 'Server', 'Throughput', 'Of the smallest', 'p99', 'Generator'],
    rows,
    values: { [`growth.${engine.key}`]: largest.perSecond / smallestOf(gateway.name).perSecond },
  };
}
