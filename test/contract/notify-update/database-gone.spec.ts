import { afterEach, beforeEach, describe, expect, inject, test } from 'vitest';
import pg from 'pg';
import { TestGateway } from '../../support/test-gateway.js';
import { accessTokenOf } from './access-token.js';
import { accepted, unavailable, unauthorized, UNKNOWN_TOKEN } from './answers.js';
import { notify as notifyAnyhow, type Notify } from './notify.js';
import { notification, NOTHING, records } from './records.js';

const SOON = { interval: 20, timeout: 10_000 };

let gateway: TestGateway;
let notify: Notify;

beforeEach(async () => {
  gateway = await TestGateway.start();
  // Not fetched from the gateway, which would then remember the client for some time.
  const authorization = `Bearer ${await accessTokenOf(gateway)}`;
  notify = (call = {}) => notifyAnyhow(gateway, { ...call, headers: { authorization, ...call.headers } });
});
afterEach(() => gateway.close());

describe('503 with Retry-After while a table is away, and 204 once it is back', () => {
  test.each([
    ['notifications', {}, accepted()],
    ['unmatched_notifications', { tokenId: 'unknown' }, UNKNOWN_TOKEN],
    ['tokens', {}, accepted()],
    ['clients', {}, accepted()],
  ])('%s', async (table, call, answer) => {
    await gateway.query(`alter table ${table} rename to away`);
    const answers = await Promise.all([notify(call), notify(call)]);
    await gateway.query(`alter table away rename to ${table}`);
    expect(answers).toEqual([unavailable(), unavailable()]);
    expect(await records(gateway)).toEqual(NOTHING);
    expect(await notify(call)).toEqual(answer);
  });
});

describe.runIf(inject('engine') === 'postgres')('the database cannot be reached', () => {
  let server: pg.Client;
  let name: string;

  beforeEach(async () => {
    [{ name }] = (await gateway.query<{ name: string }>('select current_database() as name')) as [{ name: string }];
    server = new pg.Client({ connectionString: inject('postgresUrl') });
    await server.connect();
  });
  afterEach(async () => {
    await server.query(`alter database ${name} allow_connections true`);
    await server.end();
  });

  const endConnections = (): Promise<unknown> =>
    server.query(`select pg_terminate_backend(pid) from pg_stat_activity where datname = $1`, [name]);

  test('503 for as long as it is so; then it recovers by itself, and nothing was recorded meanwhile', async () => {
    await server.query(`alter database ${name} allow_connections false`);
    await endConnections();
    for (let tries = 0; tries < 3; tries += 1) {
      expect(await Promise.all([notify(), notify({ tokenId: 'unknown' })])).toEqual([unavailable(), unavailable()]);
    }
    await server.query(`alter database ${name} allow_connections true`);
    await expect.poll(() => notify(), SOON).toEqual(accepted());
    expect(await records(gateway)).toEqual({ ...NOTHING, notifications: [notification(gateway)] });
  });

  test('connections that are cut in the middle: every call gets 204 or 503, and what got 204 is there', async () => {
    const correlationIds = Array.from({ length: 100 }, (_, index) => `call-${index}`);
    const calls = correlationIds.map(async (correlationId) => {
      const { status } = await notify({ headers: { 'x-correlation-id': correlationId } });
      return { correlationId, status };
    });
    await endConnections();
    const answers = await Promise.all(calls);
    expect(answers.map(({ status }) => status).filter((status) => status !== 204 && status !== 503)).toEqual([]);
    await expect.poll(() => notify(), SOON).toEqual(accepted());
    const kept = new Set((await records(gateway)).notifications.map((row) => row.correlation_id));
    const lost = answers.filter(({ status, correlationId }) => status === 204 && !kept.has(correlationId));
    expect(lost).toEqual([]);
  });
});

test('503 is not told to whom 401 belongs', async () => {
  await gateway.query('alter table notifications rename to away');
  expect(await notifyAnyhow(gateway)).toEqual(unauthorized());
  await gateway.query('alter table away rename to notifications');
});

test('a client that cannot be looked up is no unknown client: 503, not 401', async () => {
  await gateway.query('alter table client_merchant_gateways rename to away');
  const answer = await notify();
  await gateway.query('alter table away rename to client_merchant_gateways');
  expect(answer).toEqual(unavailable());
});
