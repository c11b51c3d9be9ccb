import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import type { TestDatabase } from './test-database.js';
import { WITHOUT_TEAMS } from './without-teams.js';

export interface CliResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  json<T>(): T;
}

/** Runs the built command line in a process of its own, as an operator does. */
export async function cli(
  { env }: Pick<TestDatabase, 'env'>,
  args: readonly string[],
  { stdin = '', ...more }: Readonly<Record<string, string>> = {},
): Promise<CliResult> {
  const child = spawn(process.execPath, [...WITHOUT_TEAMS, 'dist/src/cli/main.js', ...args], {
    env: { PATH: process.env.PATH, ...env, ...more },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  child.stdin.end(stdin);
  const exited = new Promise<number | null>((resolve) => child.once('close', resolve));
  const [stdout, stderr, code] = await Promise.all([text(child.stdout), text(child.stderr), exited]);
  return { code, stdout, stderr, json: <T>() => JSON.parse(stdout) as T };
}
