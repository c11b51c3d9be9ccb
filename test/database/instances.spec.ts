import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest';
import { GatewayProcess } from '../support/gateway-process.js';
import { send } from '../support/http.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';
import { notifyPath, PROVISION, TestGateway } from '../support/test-gateway.js';

// SQLite is for one instance.
describe.runIf(inject('engine') === 'postgres')('several instances on one database', () => {
  let database: TestDatabase;
  let instances: TestGateway[];

  beforeEach(async () => {
    database = await createTestDatabase();
    instances = [];
    const provision = {
      ...PROVISION,
      clients: PROVISION.clients.map((client) => ({ ...client, clientSecret: 'shared' })),
    };
    // At the same time: one makes the signing key, all use it.
    instances = await Promise.all(
      Array.from({ length: 3 }, () =>
        TestGateway.start({ database, provision, env: { PUBLIC_URL: 'https://gateway.test' } }),
      ),
    );
  });
  afterEach(async () => {
    await Promise.all(instances.map((instance) => instance.close()));
    await database.drop();
  });

  it('accept one another’s access tokens', async () => {
    const authorization = await bearerFrom(instances[0]);

    const answers = await Promise.all(
      instances.map(({ url }) => send(url, notifyPath(), { headers: { authorization } })),
    );

    expect(answers.map(({ status }) => status)).toEqual([204, 204, 204]);
    expect(await instances[0]?.query('select kid from signing_keys')).toHaveLength(1);
  });

  it('number one token’s notifications without gap or repetition, and without a deadlock', async () => {
    const authorization = await bearerFrom(instances[0]);
    const each = 200;

    const answers = await Promise.all(
      Array.from({ length: each }).flatMap(() =>
        instances.map(({ url }) => send(url, notifyPath(), { headers: { authorization } })),
      ),
    );

    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([204]));
    const rows = await instances[0]?.query<{ sequence: string }>(
      'select sequence from notifications order by sequence',
    );
    expect(rows?.map(({ sequence }) => Number(sequence))).toEqual(
      Array.from({ length: each * 3 }, (_, index) => index + 1),
    );
  });

  it('refuse to start with another master key', async () => {
    const env = { MASTER_KEY: Buffer.alloc(32, 7).toString('base64') };

    await expect(GatewayProcess.start(database, env)).rejects.toThrow(
      'The master key is not the one this database was set up with',
    );
  });
});

async function bearerFrom(gateway: TestGateway | undefined): Promise<string> {
  const answer = await send(gateway?.url ?? '', '/oauth2/token', {
    headers: {
      authorization: `Basic ${Buffer.from('is_tbank01:shared').toString('base64')}`,
      'content-type': 'application/x-www-form-urlencoded',
    },
    body: 'grant_type=client_credentials',
  });
  return `Bearer ${answer.json<{ access_token: string }>().access_token}`;
}
