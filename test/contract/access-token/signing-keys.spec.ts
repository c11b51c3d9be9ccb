import type { AccessTokenResponse } from '@gateway/d1-contract';
import {
  createRemoteJWKSet,
  decodeProtectedHeader,
  exportJWK,
  exportPKCS8,
  generateKeyPair,
  jwtVerify,
  type JWK,
} from 'jose';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { SigningKeyStore } from '../../../src/auth/keys/signing-key.store.js';
import { createTestDatabase, type TestDatabase } from '../../support/test-database.js';
import { basic, D1_CLIENT, notifyPath, TestGateway, type TestGatewayOptions } from '../../support/test-gateway.js';
import { askForToken } from './token-call.js';

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

  describe('given by one file and then by another', () => {
    const pem = async (): Promise<string> =>
      exportPKCS8((await generateKeyPair('ES256', { extractable: true })).privateKey);
    const fileOf = async (name: string): Promise<string> => {
      const file = join(database.dataDir, name);
      await writeFile(file, await pem());
      return file;
    };
    const statusOfNotify = async ({ url }: TestGateway, accessToken: string): Promise<number> => {
      const answer = await fetch(url + notifyPath(), {
        method: 'POST',
        headers: { authorization: `Bearer ${accessToken}`, 'x-correlation-id': 'x' },
      });
      return answer.status;
    };

    it('still verify what the first one signed, and without any file, too', async () => {
      const first = await start({ SIGNING_KEY_FILE: await fileOf('first') });
      const accessToken = await first.accessToken();
      await stop(first);
      const second = await start({ SIGNING_KEY_FILE: await fileOf('second') });
      expect(await statusOfNotify(second, accessToken)).toBe(204);
      expect(await kidThatVerifies(accessToken, second)).toBeTruthy();
      await stop(second);
      const without = await start();
      expect(await kidsOf(without)).toHaveLength(3);
      expect(await statusOfNotify(without, accessToken)).toBe(204);
    });

    it('are kept without their private halves', async () => {
      const gateway = await start({ SIGNING_KEY_FILE: await fileOf('first') });
      await stop(await start({ SIGNING_KEY_FILE: await fileOf('second') }));
      const rows = await gateway.query<{ state: string; encrypted_private_jwk: string; public_jwk: string }>(
        'select * from signing_keys',
      );
      const retired = rows.filter(({ state }) => state === 'retired');
      expect(retired.map((row) => row.encrypted_private_jwk)).toEqual(['', '']);
      expect(retired.map((row) => Object.keys(JSON.parse(row.public_jwk) as object))).not.toContainEqual(
        expect.arrayContaining(['d']),
      );
    });

    it('are at once known to an instance that has just looked, and has not got the file yet', async () => {
      const old = await start();
      // Somebody has just made it look.
      expect(await statusOfNotify(old, withKid(await old.accessToken(), 'unknown'))).toBe(401);
      const next = await start({ SIGNING_KEY_FILE: await fileOf('first') });
      const authorization = basic(D1_CLIENT, old.secretOf(D1_CLIENT));
      const { access_token: accessToken } = (await askForToken(next, { authorization })).json<AccessTokenResponse>();
      expect(await statusOfNotify(old, accessToken)).toBe(204);
    });
  });

  it('are not looked for in the database by each of many forged access tokens, nor by each look at them', async () => {
    const gateway = await start();
    const accessToken = await gateway.accessToken();
    const load = vi.spyOn(gateway.app.get(SigningKeyStore), 'load');
    gateway.clock.advance(60_000);
    const forged = Array.from({ length: 50 }, (_, nth) => withKid(accessToken, `unknown-${nth}`));
    const statuses = await Promise.all(
      forged.map((forgery) =>
        fetch(gateway.url + notifyPath(), { method: 'POST', headers: { authorization: `Bearer ${forgery}` } }).then(
          ({ status }) => status,
        ),
      ),
    );
    expect(new Set(statuses)).toEqual(new Set([401]));
    expect(load.mock.calls.length).toBeLessThanOrEqual(2);
    load.mockClear();
    gateway.clock.advance(60_000);
    await Promise.all(Array.from({ length: 50 }, () => kidsOf(gateway)));
    expect(load).toHaveBeenCalledTimes(1);
  });
});

/** Under another key's id, and by that no longer signed rightly. */
function withKid(accessToken: string, kid: string): string {
  const [, ...rest] = accessToken.split('.');
  const header = { ...decodeProtectedHeader(accessToken), kid };
  return [Buffer.from(JSON.stringify(header)).toString('base64url'), ...rest].join('.');
}
