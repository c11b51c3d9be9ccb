import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest';
import { GatewayProcess } from '../support/gateway-process.js';
import { createTestDatabase, openForInspection, type TestDatabase } from '../support/test-database.js';

let database: TestDatabase;

beforeEach(async () => {
  database = await createTestDatabase();
});
afterEach(() => database.drop());

async function change(...statements: string[]): Promise<void> {
  const view = await openForInspection(database.env);
  for (const statement of statements) await view.query(statement);
  await view.destroy();
}

/** What an operator is told, all of it. */
async function refusal(env: Readonly<Record<string, string>> = {}): Promise<string> {
  const started = await GatewayProcess.start(database, env).catch((error: Error) => error);
  if (started instanceof Error) return started.message;
  await started.end();
  return 'It started';
}

it('that a newer gateway has migrated is left alone, in a line', { timeout: 40_000 }, async () => {
  const first = await GatewayProcess.start(database);
  await first.end();
  await change("insert into migrations (timestamp, name) values (9999999999999, 'FromTheFuture9999999999999')");

  expect(await refusal()).toBe(
    'The gateway ended: The database has been migrated by a newer gateway (FromTheFuture9999999999999). Start that version, or a newer one.\n',
  );
});

describe.runIf(inject('engine') === 'sqlite')('SQLite', () => {
  it('is for one instance, and free again once that has been killed', { timeout: 60_000 }, async () => {
    const first = await GatewayProcess.start(database);

    const second = await refusal();
    await first.end('SIGKILL');

    expect(second).toMatch(/^The gateway ended: Another gateway is running on .*SQLite is for one instance.*\n$/);
    expect(await refusal()).toBe('It started');
  });
});

describe.runIf(inject('engine') === 'postgres')('PostgreSQL that may forget commits', () => {
  beforeEach(() =>
    change(`do $$ begin execute 'alter database ' || current_database() || ' set synchronous_commit = off'; end $$`),
  );

  it('is refused, in a line', async () => {
    expect(await refusal()).toBe(
      'The gateway ended: PostgreSQL has synchronous_commit off: a crash of the server could take back notifications that ' +
        'D1 was told are kept. Turn it on, or set DATABASE_UNSAFE_DURABILITY=accepted.\n',
    );
  });

  it('is taken where somebody knows', async () => {
    expect(await refusal({ DATABASE_UNSAFE_DURABILITY: 'accepted' })).toBe('It started');
  });
});
