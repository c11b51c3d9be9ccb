// Load by wrk: C, and so the least in the way on a small machine.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';

export const HAS_WRK = spawnSync('wrk', ['--version']).error === undefined;

/**
 * @param {{ url: string, connections: number, seconds: number, script: string, args: string[] }} options
 * @returns what `done.lua` prints
 */
export async function wrk({ url, connections, seconds, script, args }) {
  const child = spawn(
    'wrk',
    [
      '-t',
      '1',
      '-c',
      connections,
      '-d',
      `${seconds}s`,
      '--timeout',
      '30s',
      '-s',
      `bench/load/${script}`,
      url,
      '--',
      ...args,
    ].map(String),
    { stdio: ['ignore', 'pipe', 'pipe'] },
  );
  const exited = once(child, 'exit');
  const [output, errors, [code]] = await Promise.all([text(child.stdout), text(child.stderr), exited]);
  const line = output.trim().split('\n').at(-1);
  if (code !== 0 || !line?.startsWith('{')) throw new Error(`wrk ended with ${code}: ${output}${errors}`);
  return JSON.parse(line);
}
