// RSS over a long load, sampled each second: how much at most, and whether it grows.
import { gateway } from '../contenders/gateway.mjs';
import { mb } from '../report/cells.mjs';
import { median, slope } from '../report/statistics.mjs';
import { Contestant } from './contestant.mjs';

const CONNECTIONS = 64;
const SLICE_SECONDS = 10;
const LONG_SECONDS = 600;
const SAMPLE_MS = 1000;

export async function measureMemory({ engine, base, longLoad, isLong, say }) {
  const contestant = await Contestant.start(engine, gateway, base);
  const samples = [];
  const sample = () => samples.push({ answered: contestant.answered, rssMb: contestant.server.rssMb() });
  const startedMs = performance.now();
  const isOver = () =>
    isLong ? performance.now() - startedMs >= LONG_SECONDS * 1000 : contestant.answered >= longLoad;
  const timer = setInterval(sample, SAMPLE_MS);
  try {
    while (!isOver()) await contestant.notify({ connections: CONNECTIONS, seconds: SLICE_SECONDS });
    clearInterval(timer);
    sample();
    await contestant.settle();
  } finally {
    clearInterval(timer);
    await contestant.close();
  }
  const seconds = Math.round((performance.now() - startedMs) / 1000);
  const rssMb = samples.map((each) => each.rssMb);
  const quarter = (number) => median(rssMb.slice(((number - 1) * rssMb.length) / 4, (number * rssMb.length) / 4));
  const perMillion = slope(samples.slice(samples.length / 4).map(({ answered, rssMb: y }) => [answered / 1e6, y]));
  const rows = [
    [`RSS at most, ${contestant.answered.toLocaleString('en')} notifications in ${seconds} s`, mb(Math.max(...rssMb))],
    ['in the second quarter, in the last', `${mb(quarter(2))}, ${mb(quarter(4))}`],
    ['slope after the first quarter', `${perMillion.toFixed(1)} MB per million notifications`],
  ];
  say(rows);
  const values = {
    [`memory.${engine.key}.max-mb`]: Math.max(...rssMb),
    [`memory.${engine.key}.flat`]: quarter(4) / quarter(2),
  };
  return { title: `Memory on ${engine.name}`, head: ['', ''], rows, values };
}
