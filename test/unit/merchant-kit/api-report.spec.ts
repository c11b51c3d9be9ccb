import { spawnSync } from 'node:child_process';
import { expect, it } from 'vitest';

it('the kit’s public surface is the one that is committed (npm run api), and every part of it is documented', () => {
  const { status, stderr, stdout } = spawnSync(process.execPath, ['scripts/write-api.mjs', '--check'], {
    encoding: 'utf8',
  });

  expect(stderr + stdout.replaceAll(/^Analysis will use.*\n/gm, '')).toBe('');
  expect(status).toBe(0);
}, 60_000);
