import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, inject, it, vi } from 'vitest';
import { cli, type CliResult } from '../support/cli.js';
import { GatewayProcess } from '../support/gateway-process.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';

// A process for each command, on machines that are busy.
vi.setConfig({ testTimeout: 120_000 });

let database: TestDatabase;
const run = (...args: string[]): Promise<CliResult> => cli(database, args);

beforeEach(async () => {
  database = await createTestDatabase();
});
afterEach(() => database.drop());

describe('what is asked for wrongly is told in one line, with 1', () => {
  it.each([
    [['bogus'], "error: unknown command 'bogus'"],
    [['client', 'bogus'], 'error: client has no command bogus; see --help'],
    [['client', 'rotate'], "error: missing required argument 'client-id'"],
    [['notifications', '--bogus'], "error: unknown option '--bogus'"],
    [['notifications', '--merchant-id', 'x'], 'error: --merchant-id is not in the expected format'],
    [['notifications', 'x'], "error: too many arguments for 'notifications'. Expected 0 arguments but got 1."],
    [['provision', 'file.json'], 'error: say either --check or --apply'],
    [['client', 'rotate', 'x', '--overlap', 'soon'], 'error: --overlap must be minutes, hours or days: 30m, 24h, 7d'],
    [['deliveries', 'replay'], 'error: say a delivery-id, or --merchant-gateway-id and --state'],
    [
      ['token', 'import', 'tokens.txt', '--merchant-gateway-id', 'a', '--merchant-id', 'b'],
      'error: --format must be csv or ndjson',
    ],
  ])('%j', async (args, message) => {
    expect(await run(...args)).toMatchObject({ code: 1, stdout: '', stderr: `${message}\n` });
  });

  it('a wrong setting is named, its value is not', async () => {
    const { code, stderr } = await cli(database, ['notifications'], { PORT: 'top-secret' });
    expect(code).toBe(1);
    expect(stderr).toMatch(/^error: Configuration: PORT .+\n$/);
    expect(stderr).not.toContain('top-secret');
  });

  it('a database that is not there', async () => {
    const { code, stderr } = await cli(database, ['notifications'], {
      DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none',
    });
    expect({ code, stderr }).toEqual({ code: 1, stderr: 'error: connect ECONNREFUSED 127.0.0.1:1\n' });
  });
});

describe('migrate', () => {
  it.runIf(inject('engine') === 'sqlite')(
    'tells what is pending, makes no database by that, and then runs it',
    async () => {
      const status = await run('migrate', '--status', '--json');
      expect(status.code).toBe(2);
      const { pending } = status.json<{ pending: string[] }>();
      expect(pending.length).toBeGreaterThan(3);
      expect(await run('notifications')).toMatchObject({
        code: 1,
        stderr: expect.stringContaining('d1-gateway migrate') as string,
      });

      const migrated = await run('migrate', '--json');
      expect(migrated.json()).toEqual({ applied: pending, pending: [], unknown: [], ran: pending });
      expect(await run('migrate', '--status')).toMatchObject({ code: 0 });
    },
  );

  it.runIf(inject('engine') === 'sqlite')('leaves a database alone that a gateway runs on', async () => {
    const gateway = await GatewayProcess.start(database);
    const { code, stderr } = await run('migrate');
    await gateway.end();
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: expect.stringMatching(/^error: Another gateway is running on .+\n$/) as string,
    });
  });
});

describe('doctor', () => {
  const findings = (result: CliResult): Record<string, string[]> => {
    const all: Record<string, string[]> = {};
    for (const { check, status } of result.json<{ findings: { check: string; status: string }[] }>().findings)
      (all[check] ??= []).push(status);
    return all;
  };

  it('finds nothing to do with a gateway that is set up for production', async () => {
    const production = {
      NODE_ENV: 'production',
      PUBLIC_URL: 'https://gateway.example',
      MASTER_KEY: Buffer.alloc(32, 7).toString('base64'),
      // The throw-away server of the tests is not durable on purpose.
      ...(inject('engine') === 'postgres' && { PGOPTIONS: '-c synchronous_commit=on' }),
    };
    await cli(database, ['migrate'], { ...production, DATABASE_UNSAFE_DURABILITY: 'accepted' });
    const result = await cli(database, ['doctor', '--json'], production);
    const { durability, audit, ...others } = findings(result);
    expect(durability).toHaveLength(1);
    // The tests' role owns all there is, and so the audit trail (test/database/audit-owner.spec.ts).
    expect(audit).toEqual(inject('engine') === 'postgres' ? ['warning'] : undefined);
    expect(
      Object.values(others)
        .flat()
        .every((status) => status === 'ok'),
    ).toBe(true);
    if (inject('engine') === 'sqlite') expect(result.code).toBe(0);
  });

  it('finds another master key, and says what to do', async () => {
    const gateway = await GatewayProcess.start(database);
    await gateway.end();
    await rm(join(database.dataDir, 'master.key'));
    const result = await cli(database, ['doctor'], { MASTER_KEY: Buffer.alloc(32, 9).toString('base64') });
    expect(result.code).toBe(1);
    expect(result.stdout).toContain('✗ master key: is not the one this database was set up with\n    → Set MASTER_KEY');
    expect(result.stdout).toContain('✗ signing key: cannot be decrypted');
  });

  it('finds a configuration that is wrong', async () => {
    const result = await cli(database, ['doctor', '--json'], { PORT: 'x' });
    expect(result.code).toBe(1);
    expect(findings(result)).toEqual({ configuration: ['failure'] });
  });

  it('finds a database that cannot be reached', async () => {
    const result = await cli(database, ['doctor'], { DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none' });
    expect(result.code).toBe(1);
    expect(result.stdout).toContain('✗ database: cannot be reached: connect ECONNREFUSED 127.0.0.1:1');
  });
});
