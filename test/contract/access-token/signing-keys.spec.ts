import { createRemoteJWKSet, exportJWK, exportPKCS8, generateKeyPair, jwtVerify, type JWK } from 'jose';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../support/test-database.js';
import { TestGateway, type TestGatewayOptions } from '../../support/test-gateway.js';

describe('signing keys', () => {
  let database: TestDatabase;
  let running: TestGateway[];
  beforeEach(async () => {
    running = [];
    database = await createTestDatabase();
  });
  afterEach(async () => {
    await Promise.all(running.map((gateway) => gateway.close()));
    await database.drop();
  });

  const start = async (env: TestGatewayOptions['env'] = {}): Promise<TestGateway> => {
    const gateway = await TestGateway.start({ database, env: { PUBLIC_URL: 'https://gateway.example', ...env } });
    running.push(gateway);
    return gateway;
  };
  const stop = async (gateway: TestGateway): Promise<void> => {
    running = running.filter((other) => other !== gateway);
    await gateway.close();
  };
  const kidsOf = async ({ url }: TestGateway): Promise<unknown[]> => {
    const { keys } = (await fetch(`${url}/.well-known/jwks.json`).then((answer) => answer.json())) as { keys: JWK[] };
    return keys.map(({ kid }) => kid);
  };
  const kidThatVerifies = async (accessToken: string, gateway: TestGateway): Promise<unknown> => {
    const keys = createRemoteJWKSet(new URL('/.well-known/jwks.json', gateway.url));
    return (await jwtVerify(accessToken, keys)).protectedHeader.kid;
  };

  it('survive a restart, and with them the access tokens', async () => {
    const first = await start();
    const kids = await kidsOf(first);
    const accessToken = await first.accessToken();
    await stop(first);
    const second = await start();
    expect(await kidsOf(second)).toEqual(kids);
    expect(await kidThatVerifies(accessToken, second)).toBe(kids[0]);
  });

  it('are shared by instances on one database', async () => {
    const first = await start();
    const second = await start();
    expect(await kidsOf(second)).toEqual(await kidsOf(first));
    expect(await kidThatVerifies(await first.accessToken(), second)).toBe((await kidsOf(first))[0]);
  });

  it('are another one on another database', async () => {
    const other = await TestGateway.start();
    expect(await kidsOf(await start())).not.toEqual(await kidsOf(other));
    await other.close();
  });

  it('are not in the database in clear', async () => {
    const gateway = await start();
    const rows = await gateway.query<object>('select * from signing_keys');
    expect(rows).toHaveLength(1);
    expect(JSON.stringify(rows)).not.toMatch(/\bd\\*"/);
  });

  it.each(['JWK', 'PEM'])('may be given by SIGNING_KEY_FILE as %s', async (format) => {
    const { privateKey } = await generateKeyPair('ES256', { extractable: true });
    const text = format === 'JWK' ? JSON.stringify(await exportJWK(privateKey)) : await exportPKCS8(privateKey);
    const SIGNING_KEY_FILE = join(database.dataDir, 'signing-key');
    await writeFile(SIGNING_KEY_FILE, text);
    const { x, y } = await exportJWK(privateKey);

    const gateway = await start({ SIGNING_KEY_FILE });
    const kid = await kidThatVerifies(await gateway.accessToken(), gateway);
    const answer = await fetch(`${gateway.url}/.well-known/jwks.json`);
    const { keys } = (await answer.json()) as { keys: JWK[] };
    expect(keys.find((key) => key.kid === kid)).toEqual({
      kty: 'EC',
      crv: 'P-256',
      x,
      y,
      kid,
      alg: 'ES256',
      use: 'sig',
    });
  });

  it('replaced by a file still verify what they signed', async () => {
    const first = await start();
    const accessToken = await first.accessToken();
    await stop(first);
    const { privateKey } = await generateKeyPair('ES256', { extractable: true });
    const SIGNING_KEY_FILE = join(database.dataDir, 'signing-key');
    await writeFile(SIGNING_KEY_FILE, await exportPKCS8(privateKey));
    const second = await start({ SIGNING_KEY_FILE });
    expect(await kidsOf(second)).toHaveLength(2);
    expect(await kidThatVerifies(accessToken, second)).toBeTruthy();
  });
});
