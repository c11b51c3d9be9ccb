// What ids of nobody cost, of which anybody can send any number.
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { basic, D1_CLIENT, TestGateway } from '../../support/test-gateway.js';
import { askForToken, granted, INVALID_CLIENT, seen } from './token-call.js';

const LONGEST = 128;

let gateway: TestGateway;
beforeEach(async () => {
  gateway = await TestGateway.start({ env: { GUESS_LIMIT_PER_MINUTE: '100000' } });
  // What is asked once for all: whether any client has a secret that takes long to check.
  await guess('nobody');
});
afterEach(async () => {
  vi.restoreAllMocks();
  await gateway.close();
});

const guess = async (id: string): Promise<object> =>
  seen(await askForToken(gateway, { authorization: basic(id, 'wrong') }));

/** The statements that are run meanwhile about clients. */
async function statementsOf(work: () => Promise<unknown>): Promise<string[]> {
  const log = vi.spyOn(gateway.dataSource.logger, 'logQuery').mockClear();
  await work();
  return log.mock.calls.map(([statement]) => statement).filter((statement) => statement.includes('"clients"'));
}

it('an id longer than any client’s is none, without a look at the database, and takes as long to refuse', async () => {
  const startedMs = performance.now();
  const asked = await statementsOf(async () => expect(await guess('x'.repeat(LONGEST + 1))).toEqual(INVALID_CLIENT));
  expect(asked).toEqual([]);
  expect(performance.now() - startedMs).toBeGreaterThanOrEqual(100);
  // A shorter one is looked for.
  expect(await statementsOf(() => guess('x'.repeat(LONGEST)))).not.toEqual([]);
});

it('the right client is found while many ids of nobody are looked for', async () => {
  const secret = gateway.secretOf(D1_CLIENT);
  const guesses = Promise.all(Array.from({ length: 60 }, (_, nth) => guess(`nobody ${nth}`)));
  expect(seen(await askForToken(gateway, { authorization: basic(D1_CLIENT, secret) }))).toEqual(granted());
  await guesses;
});
