// libfaketime: a system clock for one process that can be set while it runs.
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Skipped } from './system.mjs';

const NAME = 'libfaketimeMT.so.1';

/**
 * @returns the environment of a process that takes its clock's offset, in seconds, from `file`
 * @throws Skipped where the library is not installed
 */
export function fakeTime(folder) {
  const library = folders()
    .map((place) => join(place, NAME))
    .find((path) => existsSync(path));
  if (!library) throw new Skipped(`${NAME} is not installed (Debian: apt-get install faketime)`);
  mkdirSync(folder, { recursive: true });
  const file = join(folder, 'offset');
  writeFileSync(file, '+0');
  const env = {
    LD_PRELOAD: library,
    FAKETIME_TIMESTAMP_FILE: file,
    FAKETIME_CACHE_DURATION: '1',
    FAKETIME_DONT_FAKE_MONOTONIC: '1',
    DONT_FAKE_MONOTONIC: '1',
  };
  return { env, file };
}

function folders() {
  const multiarch = readdirSync('/usr/lib').filter((name) => name.includes('-linux-'));
  return ['/usr/lib/faketime', '/usr/lib64/faketime', ...multiarch.map((name) => `/usr/lib/${name}/faketime`)];
}
