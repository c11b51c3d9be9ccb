import { rmSync, writeFileSync } from 'node:fs';
import { playFault } from '../support/play.mjs';
import { slowFsync } from '../support/slow-fsync.mjs';

const SLOW_MS = 15_000;
const DELAY_MS = 150;

export const slowDisk = {
  name: 'slow-disk',
  fault: () => `every \`fsync\` and \`fdatasync\` of the database ${DELAY_MS} ms slower for 15 s`,
  engines: ['postgres', 'sqlite'],
  quick: false,
  play: (context) => {
    const { env, file } = slowFsync(`${context.folder}-fsync`);
    return playFault(context, {
      world: context.engine === 'postgres' ? { postgres: { env } } : { env },
      fault: async ({ d1 }) => {
        const before = d1.acknowledged.size;
        writeFileSync(file, String(DELAY_MS));
        await context.wait(SLOW_MS);
        rmSync(file);
        return `${d1.acknowledged.size - before} times 204 meanwhile`;
      },
    });
  },
};
