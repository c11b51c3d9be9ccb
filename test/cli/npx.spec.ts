import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';

// npm, then a process for each command, on machines that are busy.
vi.setConfig({ testTimeout: 120_000 });

let database: TestDatabase;
beforeEach(async () => {
  database = await createTestDatabase();
});
afterEach(() => database.drop());

/** As the documentation writes it; npm has an empty cache and no registry to ask, so that only the package's own `bin` can be meant. */
async function npx(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  const npm = {
    npm_config_cache: join(database.dataDir, 'npm'),
    npm_config_registry: 'http://127.0.0.1:1',
    npm_config_update_notifier: 'false',
  };
  const child = spawn('npx', ['d1-gateway', ...args], {
    env: { PATH: process.env.PATH, HOME: database.dataDir, ...database.env, ...npm },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const exited = once(child, 'close') as Promise<[number]>;
  const [stdout, stderr, [code]] = await Promise.all([text(child.stdout), text(child.stderr), exited]);
  return { code, stdout, stderr };
}

it('npx d1-gateway is this package’s, needs no registry, and hands on what it says and its exit code', async () => {
  const help = await npx('--help');
  expect(help).toMatchObject({ code: 0, stderr: '' });
  expect(help.stdout).toMatch(/^Usage: d1-gateway \[options\] \[command\]\n/);

  expect(await npx('provision', 'file.json')).toEqual({
    code: 1,
    stdout: '',
    stderr: 'error: say either --check or --apply\n',
  });
  expect(await npx('migrate')).toMatchObject({ code: 0, stderr: '' });

  const doctor = await npx('doctor', '--json');
  expect(doctor.stderr).toBe('');
  expect(JSON.parse(doctor.stdout)).toMatchObject({ failures: 0, findings: expect.any(Array) as unknown[] });
});
