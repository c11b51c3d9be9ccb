// What must hold, as ratios of one run on one machine. `id` is what a measure calls its value. `isToldOnly`: no reason for
// `--quick` to fail. In its short runs a tail is a checkpoint more or less; and seconds are no ratio, but on a slow machine more
// whatever the code does (`scripts/smoke.mjs` fails where a start takes 10 s).
export const BARS = [
  ...['sqlite', 'postgres'].flatMap((engine) => [
    { id: `intake.${engine}.of-floor`, says: 'throughput of the floor, 64 connections', atLeast: 0.8 },
    {
      id: `intake.${engine}.p99-of-floor`,
      says: "p99 over the floor's, 64 connections",
      isToldOnly: true,
      atMost: 1.5,
    },
    { id: `intake.${engine}.of-nest-express`, says: 'throughput over Nest on Express, 64 connections', atLeast: 8 },
    { id: `beside-deliveries.${engine}`, says: 'intake while deliveries run, of intake alone', atLeast: 0.6 },
    {
      id: `beside-guesses.${engine}.p99`,
      says: 'p99 under a flood of guesses, over without',
      isToldOnly: true,
      atMost: 1.5,
    },
    {
      id: `stalled.${engine}.p99`,
      says: 'p99 with 1,000 stalled merchants, over without',
      isToldOnly: true,
      atMost: 1.25,
    },
    { id: `growth.${engine}`, says: 'intake at the largest size, of the smallest', atLeast: 0.9 },
    { id: `memory.${engine}.max-mb`, says: 'RSS under load, MB', atMost: 200 },
    { id: `memory.${engine}.flat`, says: 'RSS in the last quarter of a load, over the second', atMost: 1.1 },
    { id: `import.${engine}.seconds`, says: 'import of tokens, the slowest way, s', isToldOnly: true, atMost: 60 },
    { id: `import.${engine}.max-mb`, says: 'RSS of an import, the largest, MB', atMost: 200 },
    { id: `start.${engine}.ready-ms`, says: 'start to ready, ms', isToldOnly: true, atMost: 1500 },
  ]),
  { id: 'access-token.of-floor', says: 'access tokens, of the floor', atLeast: 0.7 },
  { id: 'access-token.of-oidc-provider', says: 'access tokens, over oidc-provider', atLeast: 3 },
];

/** How far off its bar a value may be before `--quick` fails: it is for a machine that others use, too. */
export const QUICK_SLACK = 2;
