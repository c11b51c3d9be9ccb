import { runNotifications } from '@gateway/d1-simulator';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { GatewayProcess } from '../support/gateway-process.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';
import { D1_CLIENT, MERCHANT, MERCHANT_GATEWAY, PROVISION, TOKEN } from '../support/test-gateway.js';

let database: TestDatabase;
let gateway: GatewayProcess;

beforeEach(async () => {
  database = await createTestDatabase();
  const destinations = [{ name: 'stray', kind: 'handler', handler: 'stray' }];
  const merchants = [{ id: MERCHANT, name: 'Shop', tokens: [TOKEN], destinations }];
  const provision = {
    merchantGateways: [{ id: MERCHANT_GATEWAY, name: 'PSP', merchants }],
    clients: PROVISION.clients.slice(0, 1),
  };
  gateway = await GatewayProcess.start(database, {}, provision, 'test/faults/stray-gateway.mjs');
});
afterEach(async () => {
  await gateway.end();
  await database.drop();
});

it('what a handler throws where nobody can catch it does not end the gateway, and is named', async () => {
  const notify = async (): Promise<unknown> =>
    (
      await runNotifications({
        baseUrl: gateway.url,
        credentials: { clientId: D1_CLIENT, clientSecret: gateway.secretOf(D1_CLIENT) },
        targets: [{ merchantGatewayId: MERCHANT_GATEWAY, merchantId: MERCHANT, tokenId: TOKEN }],
        count: 3,
      })
    ).answersByStatus;

  expect(await notify()).toEqual({ 204: 3 });
  await gateway.untilLogged('from a timer');
  await gateway.untilLogged('from a promise');

  const line = gateway.stdout.split('\n').find((text) => text.includes('from a timer'));
  expect(JSON.parse(line ?? '{}')).toMatchObject({
    level: 'error',
    msg: 'A handler threw where nobody could catch it',
    handler: 'stray',
  });
  expect(await notify()).toEqual({ 204: 3 });
});

it('what the gateway itself throws so still ends it', async () => {
  const ended = gateway.signal('SIGUSR2');

  expect(await ended).toBe(1);
  expect(gateway.stderr).toContain('from the gateway itself');
});
