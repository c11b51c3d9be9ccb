import { readFileSync, writeFileSync } from 'node:fs';
import { fakeTime } from '../support/fake-time.mjs';
import { playFault } from '../support/play.mjs';

const HOUR = 3600;
const STAY_MS = 6000;
/** The gateway follows a jump that stays for a minute. */
const LONG_STAY_MS = 75_000;

/** What the gateway logs then. */
const FOLLOWS = 'The jump of the system clock is followed';

/** Offsets from the right time in seconds, and how long each stays. */
const JUMPS = [HOUR, -HOUR, HOUR, -HOUR, 0].map((offset) => [offset, STAY_MS]);
const FOLLOWED = [
  [HOUR, LONG_STAY_MS],
  [0, LONG_STAY_MS],
];

/** The system's clock alone: timers go by another, which no jump touches. */
export const clockJump = {
  name: 'clock-jump',
  fault: ({ quick }) =>
    "an instance's clock an hour ahead, then an hour behind, then right again, 6 s each, twice" +
    (quick ? '' : '; then an hour ahead for 75 s, which is followed, and right again, which is followed, too'),
  engines: ['postgres', 'sqlite'],
  quick: false,
  play: (context) => {
    const { env, file } = fakeTime(`${context.folder}-clock`);
    return playFault(context, {
      // On PostgreSQL the other instance keeps the right time.
      world: { env: context.engine === 'postgres' ? [env, {}] : env },
      // What is being tried seems to be given up, and is tried again: at least once.
      mayRecordTwice: true,
      fault: async ({ gateways: [{ logFile }] }) => {
        const followed = context.quick ? [] : FOLLOWED;
        for (const [offset, stayMs] of [...JUMPS, ...followed]) {
          writeFileSync(file, sign(offset));
          await context.wait(stayMs);
        }
        const times = readFileSync(logFile, 'utf8').split(FOLLOWS).length - 1;
        if (times !== followed.length) throw new Error(`The gateway followed its clock ${times} times`);
      },
    });
  },
};

const sign = (offset) => (offset < 0 ? `${offset}` : `+${offset}`);
