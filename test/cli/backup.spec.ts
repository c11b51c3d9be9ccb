import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { runNotifications } from '@gateway/d1-simulator';
import Database from 'better-sqlite3';
import pg from 'pg';
import { afterEach, beforeEach, expect, inject, it, vi } from 'vitest';
import { cli } from '../support/cli.js';
import { GatewayProcess } from '../support/gateway-process.js';
import { findPostgres } from '../support/postgres-cluster.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';
import { D1_CLIENT, MERCHANT, MERCHANT_GATEWAY, TOKEN } from '../support/test-gateway.js';

vi.setConfig({ testTimeout: 180_000 });

const run = promisify(execFile);
const COUNT = 200;

let original: TestDatabase;
let restored: TestDatabase;
const gateways: GatewayProcess[] = [];
beforeEach(async () => {
  original = await createTestDatabase();
  restored = await createTestDatabase();
});
afterEach(async () => {
  for (const gateway of gateways.splice(0)) await gateway.end();
  await original.drop();
  await restored.drop();
});

/** As docs/operations.md says, while the gateway runs. */
async function backUpAndRestore(): Promise<void> {
  await copyFile(join(original.dataDir, 'master.key'), join(restored.dataDir, 'master.key'));
  if (inject('engine') === 'sqlite') {
    const file = join(original.dataDir, 'gateway.sqlite');
    const connection = new Database(file, { readonly: true });
    await connection.backup(join(restored.dataDir, 'gateway.sqlite'));
    connection.close();
    return;
  }
  const source = findPostgres();
  const folder = source && 'binaries' in source ? source.binaries : '';
  const dump = join(original.dataDir, 'gateway.dump');
  const tool = (name: string): string => (existsSync(join(folder, name)) ? join(folder, name) : name);
  await run(tool('pg_dump'), ['--format=custom', `--file=${dump}`, original.env.DATABASE_URL ?? '']);
  // As empty as `createdb` makes it.
  const empty = new pg.Client({ connectionString: restored.env.DATABASE_URL });
  await empty.connect();
  await empty.query('drop schema public cascade; create schema public');
  await empty.end();
  await run(tool('pg_restore'), ['--no-owner', `--dbname=${restored.env.DATABASE_URL}`, dump]);
}

it('a backup of a gateway that takes notifications is whole: what was acknowledged before it is in it', async () => {
  const gateway = await GatewayProcess.start(original);
  gateways.push(gateway);
  const secret = gateway.secretOf(D1_CLIENT);
  const notify = (url: string, count: number) =>
    runNotifications({
      baseUrl: url,
      credentials: { clientId: D1_CLIENT, clientSecret: secret },
      targets: [{ merchantGatewayId: MERCHANT_GATEWAY, merchantId: MERCHANT, tokenId: TOKEN }],
      count,
      concurrency: 4,
      retry: { maxAttempts: 1 },
    });
  expect((await notify(gateway.url, COUNT)).answersByStatus).toEqual({ 204: COUNT });
  const more = notify(gateway.url, COUNT);
  await backUpAndRestore();
  expect((await more).answersByStatus).toEqual({ 204: COUNT });
  await gateway.end();

  const report = await cli(restored, ['reconcile', '--merchant-gateway-id', MERCHANT_GATEWAY, '--json']);

  expect(report.code).toBe(0);
  const { merchants } = report.json<{ merchants: { notifications: number }[] }>();
  expect(merchants[0]?.notifications).toBeGreaterThanOrEqual(COUNT);
  expect(merchants[0]?.notifications).toBeLessThanOrEqual(2 * COUNT);
  // Secrets and signing keys are there, too: D1 goes on with what it has.
  const again = await GatewayProcess.start(restored);
  gateways.push(again);
  expect((await notify(again.url, 1)).answersByStatus).toEqual({ 204: 1 });
});
