import { runNotifications } from '@gateway/d1-simulator';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { GatewayProcess } from '../support/gateway-process.js';
import { createTestDatabase, openForInspection, type TestDatabase } from '../support/test-database.js';
import { D1_CLIENT, MERCHANT, MERCHANT_GATEWAY, TOKEN } from '../support/test-gateway.js';

let database: TestDatabase;
let gateway: GatewayProcess;

beforeEach(async () => {
  database = await createTestDatabase();
  gateway = await GatewayProcess.start(database);
});
afterEach(async () => {
  await gateway.end();
  await database.drop();
});

it('keeps every notification that got a 204 through kill -9 in the middle of 2,000', async () => {
  const count = 2000;
  const acknowledged: string[] = [];
  let restarted: Promise<void> | undefined;
  const credentials = { clientId: D1_CLIENT, clientSecret: gateway.secretOf(D1_CLIENT) };
  const port = new URL(gateway.url).port;

  const result = await runNotifications({
    baseUrl: gateway.url,
    credentials,
    targets: [{ merchantGatewayId: MERCHANT_GATEWAY, merchantId: MERCHANT, tokenId: TOKEN }],
    count,
    concurrency: 256,
    // The restart takes seconds, in which each try fails at once.
    retry: { maxAttempts: 30, maxDelayMs: 1000 },
    onAnswer: ({ status, correlationId }) => {
      if (status === 204) acknowledged.push(correlationId);
      if (acknowledged.length === 500) restarted ??= killAndRestart();
    },
  });
  await restarted;

  async function killAndRestart(): Promise<void> {
    expect(await gateway.end('SIGKILL')).toBe('SIGKILL');
    gateway = await GatewayProcess.start(database, { PORT: port });
  }

  expect(restarted).toBeDefined();
  expect(result.connectionFailures).toBeGreaterThan(0);
  expect(result.answersByStatus).toEqual({ 204: count });
  expect(acknowledged).toHaveLength(count);
  // The restarted gateway has taken the access token of the one before.
  expect(result.accessTokensFetched).toBe(1);
  const view = await openForInspection(database.env);
  const rows = await view.query<{ correlation_id: string; sequence: string | number }[]>(
    'select correlation_id, sequence from notifications order by sequence',
  );
  await view.destroy();
  const kept = new Set(rows.map((row) => row.correlation_id));
  expect(acknowledged.filter((id) => !kept.has(id))).toEqual([]);
  // No gap, no sequence twice: also what was committed without an answer has its place.
  expect(rows.map(({ sequence }) => Number(sequence))).toEqual(rows.map((_row, index) => index + 1));
});
