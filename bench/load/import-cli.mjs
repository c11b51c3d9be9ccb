// An import by the command line, started as `npx d1-gateway` starts it: with the flags of its first line.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { settingsOf } from '../contenders/gateway.mjs';
import { atExit } from '../processes/at-exit.mjs';
import { onServerCore } from '../processes/cores.mjs';
import { MERCHANT_GATEWAY_ID, MERCHANT_ID } from '../registry.mjs';

const SAMPLE_MS = 100;
const PROGRAM = 'dist/src/cli/main.js';
const OWNER = ['--merchant-gateway-id', MERCHANT_GATEWAY_ID, '--merchant-id', MERCHANT_ID];

/** @param {{ database, lines: Iterable<string> }} options the time is that of the whole command */
export async function importByCli({ database, lines }) {
  const file = join(database.folder, 'tokens.csv');
  await pipeline(Readable.from(lines), createWriteStream(file));
  const [, flags = ''] = /^#!.* node (.*)\n/.exec(readFileSync(PROGRAM, 'utf8')) ?? [];
  const node = [process.execPath, ...flags.split(' ').filter(Boolean), PROGRAM];
  const [program, ...args] = onServerCore([...node, 'token', 'import', file, ...OWNER]);
  const startedMs = performance.now();
  const child = spawn(program, args, {
    env: { PATH: process.env.PATH, ...settingsOf(database) },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  atExit(() => child.kill('SIGKILL'));
  let maxRssMb = 0;
  const timer = setInterval(() => (maxRssMb = peakRssMb(child.pid) ?? maxRssMb), SAMPLE_MS);
  const [code] = await once(child, 'exit');
  clearInterval(timer);
  if (code !== 0) throw new Error(`token import ended with ${code}`);
  return { seconds: (performance.now() - startedMs) / 1000, maxRssMb };
}

/** @returns undefined where it has just ended */
function peakRssMb(pid) {
  try {
    const [, kb] = /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
    return kb === undefined ? undefined : Number(kb) / 1024;
  } catch {
    return undefined;
  }
}
