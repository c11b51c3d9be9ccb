import { decodeProtectedHeader, type JWK } from 'jose';
import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest';
import { SigningKeyRotation } from '../../../src/auth/keys/signing-key-rotation.js';
import { createTestDatabase, type TestDatabase } from '../../support/test-database.js';
import { basic, D1_CLIENT, notifyPath, TestGateway } from '../../support/test-gateway.js';
import { askForToken } from './token-call.js';

const DAY_MS = 86_400_000;
const PUBLISHED_MS = 120_000;
const LIFE_MS = 900_000;

describe('rotation of the signing key', () => {
  let database: TestDatabase;
  let running: TestGateway[];
  /** That of the first gateway, which is the one that generates it. */
  let authorization: string;
  beforeEach(async () => {
    running = [];
    database = await createTestDatabase();
  });
  afterEach(async () => {
    await Promise.all(running.map((gateway) => gateway.close()));
    await database.drop();
  });

  const start = async (env: Readonly<Record<string, string>> = {}): Promise<TestGateway> => {
    const gateway = await TestGateway.start({ database, env: { PUBLIC_URL: 'https://gateway.example', ...env } });
    running.push(gateway);
    if (running.length === 1) authorization = basic(D1_CLIENT, gateway.secretOf(D1_CLIENT));
    return gateway;
  };
  const advance = (ms: number): void => running.forEach(({ clock }) => clock.advance(ms));
  const keepUp = async (): Promise<void> => {
    await Promise.all(running.map(({ app }) => app.get(SigningKeyRotation).keepUp()));
  };
  const accessTokenOf = async (gateway: TestGateway): Promise<string> =>
    (await askForToken(gateway, { authorization })).json<{ access_token: string }>().access_token;
  const kidOf = async (gateway: TestGateway): Promise<unknown> =>
    decodeProtectedHeader(await accessTokenOf(gateway)).kid;
  const publishedBy = async ({ url }: TestGateway): Promise<unknown[]> => {
    const { keys } = (await fetch(`${url}/.well-known/jwks.json`).then((answer) => answer.json())) as { keys: JWK[] };
    return keys.map(({ kid }) => kid);
  };
  const rows = (): Promise<{ kid: string; state: string }[]> =>
    running[0]!.query('select kid, state from signing_keys order by created_at_ms');
  const statusOfNotify = async ({ url }: TestGateway, accessToken: string): Promise<number> => {
    const headers = { authorization: `Bearer ${accessToken}` };
    return (await fetch(url + notifyPath(), { method: 'POST', headers })).status;
  };

  it('does nothing before its day', async () => {
    await start();
    advance(90 * DAY_MS - 1);
    await keepUp();
    expect(await rows()).toEqual([{ kid: expect.any(String), state: 'active' }]);
  });

  it('publishes the next key on its day, two minutes before that signs', async () => {
    const gateway = await start();
    const old = await kidOf(gateway);
    advance(90 * DAY_MS);
    await keepUp();
    const published = await publishedBy(gateway);
    expect(published).toHaveLength(2);
    expect(await kidOf(gateway)).toBe(old);

    advance(PUBLISHED_MS);
    const next = await kidOf(gateway);
    expect(next).not.toBe(old);
    expect(published).toContain(next);
  });

  it('is in the audit trail, once for all instances', async () => {
    await start();
    await start();
    advance(90 * DAY_MS);
    await keepUp();
    const audited = await running[0]!.query<{ client_id: string; after: string }>(
      `select client_id, after from audit_entries where action = 'signing-key.rotate'`,
    );
    expect(audited).toEqual([{ client_id: 'gateway:schedule', after: expect.any(String) }]);
    const [, next] = await rows();
    expect(JSON.parse(audited[0]!.after)).toMatchObject({ kid: next!.kid });
  });

  it('costs no access token: what was signed just before is good until its end', async () => {
    const gateway = await start();
    advance(90 * DAY_MS);
    await keepUp();
    advance(PUBLISHED_MS - 1);
    const last = await accessTokenOf(gateway);
    advance(1);
    expect(await kidOf(gateway)).not.toBe(decodeProtectedHeader(last).kid);
    advance(LIFE_MS - 2);
    await keepUp();
    expect(await statusOfNotify(gateway, last)).toBe(204);
  });

  it('deletes the old key, its private half too, once all that it signed has run out', async () => {
    const gateway = await start();
    advance(90 * DAY_MS);
    await keepUp();
    advance(PUBLISHED_MS);
    const next = await kidOf(gateway);
    await expect.poll(rows).toContainEqual({ kid: next, state: 'active' });
    advance(LIFE_MS);
    await keepUp();
    expect(await rows()).toHaveLength(2);
    advance(LIFE_MS);
    await keepUp();
    expect(await rows()).toEqual([{ kid: next, state: 'active' }]);
    expect(await publishedBy(gateway)).toEqual([next]);
  });

  it('comes again, counted from when the key began to sign, though nobody asks for access tokens', async () => {
    await start({ SIGNING_KEY_ROTATION_DAYS: '1' });
    const seen = new Set<string>();
    for (const _day of [1, 2, 3]) {
      advance(DAY_MS);
      await keepUp();
      advance(PUBLISHED_MS);
      await keepUp();
      await expect.poll(async () => (await rows()).some(({ state }) => state === 'next')).toBe(false);
      for (const { kid } of await rows()) seen.add(kid);
    }
    expect(seen.size).toBe(4);
  });

  it('is left to operators where the setting is 0', async () => {
    await start({ SIGNING_KEY_ROTATION_DAYS: '0' });
    advance(4000 * DAY_MS);
    await keepUp();
    expect(await rows()).toHaveLength(1);
  });

  // SQLite is for one instance.
  describe.runIf(inject('engine') === 'postgres')('with several instances on one database', () => {
    it('happens once, though all of them find that it is time', async () => {
      for (const _instance of [1, 2, 3]) await start();
      for (const round of [1, 2, 3]) {
        advance(90 * DAY_MS);
        await keepUp();
        expect([round, (await rows()).filter(({ state }) => state === 'next')]).toEqual([round, [expect.anything()]]);
        advance(PUBLISHED_MS);
        await Promise.all(running.map(accessTokenOf));
        await expect.poll(async () => (await rows()).filter(({ state }) => state === 'next')).toEqual([]);
        await keepUp();
        expect((await rows()).filter(({ state }) => state !== 'retired')).toHaveLength(1);
      }
      expect(new Set(await Promise.all(running.map(kidOf))).size).toBe(1);
    });

    it('costs no access token at an instance that has not looked since', async () => {
      const [rotating, other] = [await start(), await start()];
      // Their first rounds are over: the other one's next is a minute away.
      await keepUp();
      advance(90 * DAY_MS);
      await rotating.app.get(SigningKeyRotation).keepUp();
      const before = await accessTokenOf(rotating);
      advance(PUBLISHED_MS);
      const after = await accessTokenOf(rotating);
      expect(decodeProtectedHeader(after).kid).not.toBe(decodeProtectedHeader(before).kid);
      for (const accessToken of [before, after]) expect(await statusOfNotify(other, accessToken)).toBe(204);
      advance(LIFE_MS - PUBLISHED_MS - 1);
      expect(await statusOfNotify(other, before)).toBe(204);
    });
  });
});
