// How long and how often, by the options.
const STANDARD = {
  rounds: 3,
  seconds: 5,
  warmUpSeconds: 3,
  connections: [1, 16, 64, 256],
  /** Deliveries that are waited for. */
  backlog: 40_000,
  /** Deliveries that are more than can be made while the intake is measured. */
  lastingBacklog: 200_000,
  /** Notifications over which the memory is watched. */
  longLoad: 1_000_000,
  importTokens: 1_000_000,
  growthSizes: [10_000, 1_000_000],
  /** Each of PostgreSQL's processes maps its shared memory page by page, as it comes to them: half its work in the first five seconds. */
  growthWarmUpSeconds: 30,
};

const QUICK = {
  ...STANDARD,
  rounds: 2,
  seconds: 2,
  warmUpSeconds: 1,
  connections: [64],
  backlog: 8000,
  lastingBacklog: 80_000,
  longLoad: 30_000,
  importTokens: 10_000,
};

/**
 * For measures whose bar is nearer to 1 than three turns on a shared machine differ: growth's, and a ratio of two tails, which one turn in which
 * the machine was busy otherwise made 1.8 and another 0.8.
 */
const TIMES_THE_ROUNDS = 3;

export function planOf({ quick, rounds, seconds, long, growthSizes, importTokens }) {
  const plan = quick ? QUICK : STANDARD;
  const given = { rounds, seconds, growthSizes, importTokens, isLong: long === true };
  const chosen = { ...plan, ...Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) };
  return { ...chosen, narrowRounds: quick ? chosen.rounds : chosen.rounds * TIMES_THE_ROUNDS };
}
