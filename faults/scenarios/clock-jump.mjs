import { writeFileSync } from 'node:fs';
import { fakeTime } from '../support/fake-time.mjs';
import { playFault } from '../support/play.mjs';

const HOUR = 3600;
const STAY_MS = 6000;

/** The system's clock alone: timers go by another, which no jump touches. */
export const clockJump = {
  name: 'clock-jump',
  fault: () => "an instance's clock an hour ahead, then an hour behind, then right again, 6 s each, twice",
  engines: ['postgres', 'sqlite'],
  quick: false,
  play: (context) => {
    const { env, file } = fakeTime(`${context.folder}-clock`);
    return playFault(context, {
      // On PostgreSQL the other instance keeps the right time.
      world: { env: context.engine === 'postgres' ? [env, {}] : env },
      // What is being tried seems to be given up, and is tried again: at least once.
      mayRecordTwice: true,
      fault: async () => {
        for (const offset of [HOUR, -HOUR, HOUR, -HOUR, 0]) {
          writeFileSync(file, sign(offset));
          await context.wait(STAY_MS);
        }
      },
    });
  },
};

const sign = (offset) => (offset < 0 ? `${offset}` : `+${offset}`);
