// Builds when a source is newer than the last build, so that `npm start` costs nothing once built.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

const BUILT = 'dist/src/main.js';
const SOURCES = [
  'src',
  'libs',
  'ormconfig.ts',
  'tsconfig.json',
  'tsconfig.build.json',
  'nest-cli.json',
  'scripts/bundle.mjs',
  'package-lock.json',
];

if (!existsSync('src')) process.exit(existsSync(BUILT) ? 0 : 1);
if (!existsSync(BUILT) || SOURCES.some((source) => newestMs(source) > statSync(BUILT).mtimeMs)) {
  // As `npm run build` does, without npm's own start.
  for (const program of [['node_modules/@nestjs/cli/bin/nest.js', 'build'], ['scripts/bundle.mjs']]) {
    const { status } = spawnSync(process.execPath, program, { stdio: 'inherit' });
    if (status !== 0) process.exit(status ?? 1);
  }
}

function newestMs(path) {
  const { mtimeMs } = statSync(path);
  if (!statSync(path).isDirectory()) return mtimeMs;
  return Math.max(mtimeMs, ...readdirSync(path).map((name) => newestMs(join(path, name))));
}
