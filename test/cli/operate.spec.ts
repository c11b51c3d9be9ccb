import { runNotifications } from '@gateway/d1-simulator';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { cli, type CliResult } from '../support/cli.js';
import { GatewayProcess } from '../support/gateway-process.js';
import { Receiver } from '../support/receiver.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';
import { D1_CLIENT, MERCHANT, MERCHANT_GATEWAY } from '../support/test-gateway.js';

// A process for each command, on machines that are busy.
vi.setConfig({ testTimeout: 180_000 });

const OF_GATEWAY = ['--merchant-gateway-id', MERCHANT_GATEWAY];
const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const COUNT = 5;

interface Page {
  readonly items: readonly { readonly id: string; readonly state: string; readonly tokenId: string }[];
}

let database: TestDatabase;
let receiver: Receiver;
let gateway: GatewayProcess;
const run = (...args: string[]): Promise<CliResult> => cli(database, args);

beforeEach(async () => {
  database = await createTestDatabase();
  receiver = await Receiver.start();
  gateway = await GatewayProcess.start(
    database,
    { WEBHOOK_ALLOWED_NETWORKS: '127.0.0.0/8', DELIVERY_RETRY_SCHEDULE_SECONDS: '1' },
    {
      merchantGateways: [
        {
          id: MERCHANT_GATEWAY,
          name: 'Example PSP',
          merchants: [
            {
              id: MERCHANT,
              name: 'Example shop',
              tokens: ['t-1'],
              destinations: [{ name: 'main', kind: 'webhook', url: receiver.url, secret: SECRET }],
            },
          ],
        },
      ],
      clients: [{ clientId: D1_CLIENT, scopes: ['d1:notify'], merchantGateways: [MERCHANT_GATEWAY] }],
    },
  );
});
afterEach(async () => {
  await gateway.end();
  await receiver.close();
  await database.drop();
});

async function notify(clientSecret: string, tokenId = 't-1'): Promise<Readonly<Record<string, number>>> {
  const { answersByStatus } = await runNotifications({
    baseUrl: gateway.url,
    credentials: { clientId: D1_CLIENT, clientSecret },
    targets: [{ merchantGatewayId: MERCHANT_GATEWAY, merchantId: MERCHANT, tokenId }],
    count: COUNT,
    concurrency: 2,
    retry: { maxAttempts: 1 },
  });
  return answersByStatus;
}

it('finds what is dead beside a gateway that runs, counts it, sends it again, and accounts for it', async () => {
  receiver.respond = (response) => void response.writeHead(400).end();
  expect((await run('deliveries', 'list')).stdout).toMatch(/^CREATED .*\nNone\.\n$/);
  expect(await notify(gateway.secretOf(D1_CLIENT))).toEqual({ 204: COUNT });
  const dead = ['deliveries', 'list', '--state', 'dead', '--json'];
  const items = await vi.waitFor(
    async () => {
      const page = (await run(...dead)).json<Page>();
      expect(page.items).toHaveLength(COUNT);
      return page.items;
    },
    { timeout: 120_000, interval: 500 },
  );
  const [first = expect.unreachable()] = items;
  expect((await run('deliveries', 'show', first.id)).stdout).toMatch(/retry +400 +answered 400/);
  expect((await run('notifications', '--json', '--limit', '2')).json<Page>().items).toHaveLength(2);

  const many = ['deliveries', 'replay', ...OF_GATEWAY, '--state', 'dead'];
  expect((await run(...many, '--dry-run')).stdout).toBe(`${COUNT} deliveries would be due.\n`);
  expect((await run(...dead)).json<Page>().items).toHaveLength(COUNT);

  receiver.respond = (response) => void response.writeHead(204).end();
  expect((await run('deliveries', 'replay', first.id)).code).toBe(0);
  expect((await run(...many)).stdout).toBe(`${COUNT - 1} deliveries are due now.\n`);
  await vi.waitFor(
    async () =>
      expect((await run('deliveries', 'list', '--state', 'delivered', '--json')).json<Page>().items).toHaveLength(
        COUNT,
      ),
    { timeout: 120_000, interval: 500 },
  );
  expect(await run('reconcile', ...OF_GATEWAY)).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('All is accounted for.') as string,
  });
});

it('rotates the secret of D1 without a gap, and registers tokens that a running gateway then knows', async () => {
  const old = gateway.secretOf(D1_CLIENT);
  expect(await notify(old)).toEqual({ 204: COUNT });

  const { clientSecret = '' } = (await run('client', 'rotate', D1_CLIENT, '--json')).json<{ clientSecret?: string }>();
  expect(await notify(clientSecret)).toEqual({ 204: COUNT });
  expect(await notify(old)).toEqual({ 204: COUNT });

  await cli(database, ['token', 'import', '-', '--format', 'csv', ...OF_GATEWAY, '--merchant-id', MERCHANT], {
    stdin: 'new-token\n',
  });
  expect(await notify(clientSecret, 'new-token')).toEqual({ 204: COUNT });
});
