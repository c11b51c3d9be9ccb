import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { Provisioner } from '../../../src/registry/provisioning/provisioner.js';
import { send } from '../../support/http.js';
import { createTestDatabase, type TestDatabase } from '../../support/test-database.js';
import { basic, D1_CLIENT, PROVISION, TestGateway } from '../../support/test-gateway.js';

const FIRST = 'the first, of the file';
const provision = {
  ...PROVISION,
  clients: [
    { ...PROVISION.clients[0], clientSecret: FIRST },
    { clientId: 'admin', scopes: ['gateway:operate'], merchantGateways: ['*'] },
  ],
};

let database: TestDatabase;
let gateway: TestGateway;
beforeEach(async () => {
  database = await createTestDatabase();
  gateway = await TestGateway.start({ database, provision });
});
afterEach(async () => {
  await gateway.close();
  await database.drop();
});

async function restart(): Promise<void> {
  await gateway.close();
  gateway = await TestGateway.start({ database, provision });
}

/** D1's secret, as `client rotate` does. */
async function rotate(): Promise<string> {
  const made = await send(gateway.url, `/registry/clients/${D1_CLIENT}/secrets`, {
    method: 'POST',
    headers: { authorization: `Bearer ${await gateway.accessToken('admin')}`, 'content-type': 'application/json' },
    body: JSON.stringify({ previousExpiresAt: new Date(gateway.clock.nowMs() + 86_400_000).toISOString() }),
  });
  expect(made.status).toBe(201);
  return made.json<{ clientSecret: string }>().clientSecret;
}

async function ask(secret: string): Promise<number> {
  const headers = { authorization: basic(D1_CLIENT, secret), 'content-type': 'application/x-www-form-urlencoded' };
  return (await send(gateway.url, '/oauth2/token', { headers, body: 'grant_type=client_credentials' })).status;
}

const applied = (): Promise<unknown[]> =>
  gateway.query("select id from audit_entries where action = 'provisioning.apply'");

it('a restart undoes no rotation, whatever stands in the provisioning file', async () => {
  const second = await rotate();

  await restart();

  expect([await ask(second), await ask(FIRST)]).toEqual([200, 200]);
  // It has changed nothing, and says so.
  expect(await applied()).toHaveLength(1);
});

it('nor does one after the old secret has gone', async () => {
  const second = await rotate();
  await gateway.query(`delete from client_secrets where client_id = '${D1_CLIENT}' and expires_at_ms is not null`);

  await restart();

  expect([await ask(second), await ask(FIRST)]).toEqual([200, 401]);
});

it('an operator who applies the file puts its secret in place of all others', async () => {
  const second = await rotate();

  await gateway.app.get(Provisioner).applyFile(join(database.dataDir, 'provision.json'));

  expect([await ask(second), await ask(FIRST)]).toEqual([401, 200]);
  expect(await applied()).toHaveLength(2);
});
