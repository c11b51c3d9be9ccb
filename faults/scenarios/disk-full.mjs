import { join } from 'node:path';
import { playFault } from '../support/play.mjs';
import { SmallDisk } from '../support/small-disk.mjs';

const FULL_MS = 10_000;
const SIZE_MB = { postgres: 256, sqlite: 24 };

export const diskFull = {
  name: 'disk-full',
  fault: () => 'the disk of the database full for 10 s, then there is room again',
  engines: ['postgres', 'sqlite'],
  quick: false,
  play: async (context) => {
    const { engine } = context;
    const disk = SmallDisk.mount(`${context.folder}-disk`, SIZE_MB[engine]);
    const world =
      engine === 'sqlite'
        ? { dataDir: join(disk.folder, 'data') }
        : {
            postgres: {
              folder: join(disk.folder, 'postgres'),
              settings: { max_wal_size: '64MB', min_wal_size: '32MB' },
            },
          };
    try {
      return await playFault(context, { world, fault: (opened) => fill(context, disk, opened) });
    } finally {
      disk.unmount();
    }
  },
};

/** PostgreSQL goes down where it cannot write its log; a service manager would start it again. */
async function fill({ engine, wait }, disk, { postgres, d1 }) {
  const unavailableBefore = d1.tries[503] ?? 0;
  disk.fill();
  const endMs = performance.now() + FULL_MS;
  let wentDown = 0;
  while (performance.now() < endMs) {
    // What the server gives back to the disk meanwhile is taken, too.
    disk.fill();
    if (engine === 'postgres' && !postgres.isUp) {
      wentDown += 1;
      await postgres.up().catch(() => undefined);
    }
    await wait(200);
  }
  disk.free();
  if (engine === 'postgres' && !postgres.isUp) await postgres.up();
  const unavailable = (d1.tries[503] ?? 0) - unavailableBefore;
  return `${unavailable} times 503 while it was full${wentDown > 0 ? '; the server went down and was started again' : ''}`;
}
