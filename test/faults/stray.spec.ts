import { runNotifications } from '@gateway/d1-simulator';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { GatewayProcess } from '../support/gateway-process.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';
import { D1_CLIENT, MERCHANT, MERCHANT_GATEWAY, PROVISION, TOKEN } from '../support/test-gateway.js';

let database: TestDatabase;
let gateway: GatewayProcess;

beforeEach(async () => {
  database = await createTestDatabase();
  const destinations = [
    { name: 'stray', kind: 'handler', handler: 'stray' },
    // Nobody listens there: it is enough that a mapper is asked what to send.
    { name: 'main', kind: 'webhook', url: 'https://127.0.0.1:9', secret: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw' },
  ];
  const merchants = [{ id: MERCHANT, name: 'Shop', tokens: [TOKEN], destinations }];
  const provision = {
    merchantGateways: [{ id: MERCHANT_GATEWAY, name: 'PSP', merchants }],
    clients: PROVISION.clients.slice(0, 1),
  };
  const env = { WEBHOOK_ALLOWED_NETWORKS: '127.0.0.0/8' };
  gateway = await GatewayProcess.start(database, env, provision, 'test/faults/stray-gateway.mjs');
});
afterEach(async () => {
  await gateway.end();
  await database.drop();
});

async function notify(tokenId = TOKEN): Promise<unknown> {
  const { answersByStatus } = await runNotifications({
    baseUrl: gateway.url,
    credentials: { clientId: D1_CLIENT, clientSecret: gateway.secretOf(D1_CLIENT) },
    targets: [{ merchantGatewayId: MERCHANT_GATEWAY, merchantId: MERCHANT, tokenId }],
    count: 3,
  });
  return answersByStatus;
}

/** Whose error of this message was, as the log says it. */
async function blamed(message: string): Promise<unknown> {
  await gateway.untilLogged(`"${message}"`);
  const line = gateway.stdout.split('\n').find((text) => text.includes(`"${message}"`));
  const { level, msg, handler } = JSON.parse(line ?? '{}') as Record<string, unknown>;
  return { level, msg, handler };
}

const strayed = (handler: string): object => ({
  level: 'error',
  msg: 'A handler threw where nobody could catch it',
  handler,
});

it('what a team’s code throws where nobody can catch it does not end the gateway, and is named', async () => {
  expect(await blamed('from a timer of start')).toEqual(strayed('stray'));
  expect(await notify()).toEqual({ 204: 3 });
  expect(await notify('unknown')).toEqual({ 404: 3 });
  expect((await fetch(`${gateway.url}/health/handlers`)).status).toBe(200);

  expect(await blamed('from a timer')).toEqual(strayed('stray'));
  expect(await blamed('from a promise')).toEqual(strayed('stray'));
  expect(await blamed('from a timer of healthy')).toEqual(strayed('stray'));
  expect(await blamed('from a timer of a directory')).toEqual(strayed('directory:parts'));
  expect(await blamed('from a timer of a mapper')).toEqual(strayed('mapper:parts'));
  expect(await blamed('from a timer of a filter')).toEqual(strayed('filter:parts'));
  expect(await notify()).toEqual({ 204: 3 });
});

it('what the gateway itself throws so still ends it', async () => {
  const ended = gateway.signal('SIGUSR2');

  expect(await ended).toBe(1);
  expect(gateway.stderr).toContain('from the gateway itself');
});
