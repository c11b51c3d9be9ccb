// The intake of a gateway that has something else to do, beside one that has not.
import { gateway } from '../contenders/gateway.mjs';
import { RECEIVER_ENV } from '../load/webhook-receiver.mjs';
import { generator, ms, percent, perSecond } from '../report/cells.mjs';
import { medians } from '../report/statistics.mjs';
import { Contestant } from './contestant.mjs';
import { inTurn } from './in-turn.mjs';

const CONNECTIONS = 64;

export const HEAD = ['', 'Throughput', 'p50', 'p99', 'p99.9', "Server's core", 'Generator'];

/**
 * Each run is on a gateway started anew, so that the disturbance is as fresh each time.
 *
 * @param {{ base: object, plain: object, afterwards?: () => void, disturb?: (contestant: object) => Promise<() => Promise<void>> }} what
 *   `plain`: the same without the disturbance; `afterwards`: checks that the disturbance has lasted; `disturb`: begins one that is
 *   not in the database, and returns what ends it
 * @returns the medians with it, and without
 */
export function intakeWithAndWithout({ engine, rounds, seconds, warmUpSeconds }, { base, plain, afterwards, disturb }) {
  const run = async (of) => {
    const contestant = await Contestant.start(engine, gateway, of, { env: RECEIVER_ENV });
    try {
      await contestant.warmUp(warmUpSeconds);
      const calm = of === base ? await disturb?.(contestant) : undefined;
      const result = await contestant.notify({ connections: CONNECTIONS, seconds });
      await calm?.();
      if (of === base) afterwards?.();
      await contestant.settle();
      return result;
    } finally {
      await contestant.close();
    }
  };
  return inTurn(rounds, [base, plain], run).then((results) => results.map(medians));
}

export function rowOf(name, result) {
  return [
    name,
    perSecond(result.perSecond),
    ms(result.p50Ms),
    ms(result.p99Ms),
    ms(result.p999Ms),
    percent(result.busy.server),
    generator(result),
  ];
}
