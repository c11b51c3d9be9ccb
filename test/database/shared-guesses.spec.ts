import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';
import { basic, D1_CLIENT, TestGateway } from '../support/test-gateway.js';
import { askForToken, granted, seen } from '../contract/access-token/token-call.js';

const LIMIT = 3;

// On SQLite there is one instance.
describe.runIf(inject('engine') === 'postgres')('guesses at two gateways on one PostgreSQL', () => {
  let database: TestDatabase;
  let one: TestGateway;
  let other: TestGateway;
  let right: string;
  beforeEach(async () => {
    database = await createTestDatabase();
    const env = { GUESS_LIMIT_PER_MINUTE: String(LIMIT), TRUSTED_PROXIES: '127.0.0.1' };
    one = await TestGateway.start({ database, env });
    other = await TestGateway.start({ database, env });
    right = basic(D1_CLIENT, one.secretOf(D1_CLIENT));
  });
  afterEach(async () => {
    await Promise.all([one.close(), other.close()]);
    await database.drop();
  });

  const ask = (gateway: TestGateway, authorization: string, address = '192.0.2.1') =>
    askForToken(gateway, { authorization, headers: { 'x-forwarded-for': address } });
  const guess = async (gateway: TestGateway, address?: string, clientId: string = D1_CLIENT): Promise<number> =>
    (await ask(gateway, basic(clientId, 'wrong'), address)).status;
  const counts = (): Promise<{ key: string; points: number }[]> =>
    one.query('select key, points from guess_counts order by key');

  it('at the one count at the other, and never against the right secret', async () => {
    for (let nth = 0; nth < LIMIT; nth += 1) expect(await guess(one)).toBe(401);
    expect(await guess(other)).toBe(429);
    expect(await guess(one)).toBe(429);
    for (const gateway of [one, other]) expect(seen(await ask(gateway, right))).toEqual(granted());
    expect(await guess(other, '192.0.2.2')).toBe(401);
  });

  it('of one client from many addresses count together, ten times as many', async () => {
    for (let nth = 0; nth < LIMIT * 10; nth += 1) {
      expect(await guess(nth % 2 === 0 ? one : other, `198.51.100.${nth}`)).toBe(401);
    }
    expect(await guess(one, '203.0.113.1')).toBe(429);
    expect(await guess(other, '203.0.113.2')).toBe(429);
    expect(await guess(other, '203.0.113.3', 'another')).toBe(401);
    for (const gateway of [one, other]) expect(seen(await ask(gateway, right))).toEqual(granted());
  });

  it('are no flood of the database once the address is refused', async () => {
    for (let nth = 0; nth <= LIMIT; nth += 1) await guess(one);
    const before = await counts();
    const statuses = await Promise.all(
      Array.from({ length: 100 }, (_, nth) => guess(one, '192.0.2.1', `unknown ${nth}`)),
    );
    expect(new Set(statuses)).toEqual(new Set([429]));
    expect(await counts()).toEqual(before);
  });

  it('may name any client, however long', async () => {
    expect(await guess(one, '192.0.2.1', 'ü'.repeat(2000))).toBe(401);
    expect((await counts()).map(({ points }) => points)).toEqual([1, 1]);
  });

  it('are counted in memory where the table is not there, and cost nobody an access token', async () => {
    await one.query('drop table guess_counts');
    for (let nth = 0; nth < LIMIT; nth += 1) expect(await guess(one)).toBe(401);
    expect(await guess(one)).toBe(429);
    expect(await guess(other)).toBe(401);
    for (const gateway of [one, other]) expect(seen(await ask(gateway, right))).toEqual(granted());
    // One line of each, for many failures; gateways in one process share the place where Nest's loggers write to.
    const logged = [...one.logLines, ...other.logLines];
    expect(logged.filter((line) => line.includes('Guesses are counted by this instance alone'))).toHaveLength(2);
  });
});
