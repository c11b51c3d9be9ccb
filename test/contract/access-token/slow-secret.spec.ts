// A chosen secret takes long to check the first time: what others do meanwhile must not cost its client the answer.
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ClientRegistrar } from '../../../src/auth/clients/client-registrar.js';
import { SecretHasher } from '../../../src/auth/secret-hashing/secret-hasher.js';
import { SlowHash, type Standing } from '../../../src/auth/secret-hashing/slow-hash.js';
import { Transactions } from '../../../src/database/transactions.js';
import { addressKey } from '../../../src/http/address-key.js';
import { basic, PROVISION, TestGateway } from '../../support/test-gateway.js';
import { askForToken, granted, seen } from './token-call.js';

const CHOSEN = { clientId: 'chosen', clientSecret: 'secret of chosen', scopes: ['d1:notify'] };
const RIGHT = basic(CHOSEN.clientId, CHOSEN.clientSecret);
const WRONG = basic(CHOSEN.clientId, 'wrong');
const ATTACKER = '192.0.2.1';
const D1 = '192.0.2.2';
const HOUR_MS = 3_600_000;

describe('a client with a chosen secret, not proved yet', () => {
  let gateway: TestGateway;
  const start = async (guessLimit: number): Promise<void> => {
    gateway = await TestGateway.start({
      provision: { ...PROVISION, clients: [...PROVISION.clients, CHOSEN] },
      env: { TRUSTED_PROXIES: '127.0.0.1', GUESS_LIMIT_PER_MINUTE: String(guessLimit) },
    });
  };
  afterEach(() => {
    vi.restoreAllMocks();
    return gateway.close();
  });

  const ask = (authorization: string, address: string): Promise<{ status: number }> =>
    askForToken(gateway, { authorization, headers: { 'x-forwarded-for': address } });
  const flood = async (authorization: (nth: number) => string, address = ATTACKER): Promise<Set<number>> => {
    const answers = await Promise.all(Array.from({ length: 90 }, (_, nth) => ask(authorization(nth), address)));
    return new Set(answers.map(({ status }) => status));
  };
  const seenBy = async (address: string): Promise<object> =>
    seen(await askForToken(gateway, { authorization: RIGHT, headers: { 'x-forwarded-for': address } }));

  it.each([
    ['in good standing', 1000, [401, 503]],
    ['over its limit', 3, [429, 503]],
  ])('gets its access token while 90 guesses of an address %s wait', async (_name, limit, statuses) => {
    await start(limit);
    const guesses = flood((nth) => basic(CHOSEN.clientId, `wrong ${nth}`));
    expect(await seenBy(D1)).toEqual(granted());
    expect([...(await guesses)]).toEqual(expect.arrayContaining(statuses));
  });

  it('is never told 429 for what others at its own address guess: 503 at most, until they are done', async () => {
    await start(3);
    const guesses = flood((nth) => basic(CHOSEN.clientId, `wrong ${nth}`));
    expect([200, 503]).toContain((await ask(RIGHT, ATTACKER)).status);
    await guesses;
    expect(await seenBy(ATTACKER)).toEqual(granted());
  });

  it('gets it while several addresses that have used up their guesses go on', async () => {
    await start(1);
    const attackers = Array.from({ length: 4 }, (_, nth) => `198.51.100.${nth}`);
    await Promise.all(attackers.map((address) => ask(WRONG, address)));
    const statuses: number[] = [];
    const answered = new Set<string>();
    const guess = async (address: string): Promise<void> => {
      const { status } = await ask(WRONG, address);
      statuses.push(status);
      answered.add(address);
    };
    const hashing = vi.spyOn(gateway.app.get(SlowHash), 'matches');
    const guesses = Promise.all(attackers.flatMap((address) => Array.from({ length: 4 }, () => guess(address))));
    const guessing = (): number => new Set(hashing.mock.calls.map(([, , guesser]) => guesser?.address)).size;
    await vi.waitFor(() => expect(guessing()).toBe(attackers.length), { timeout: 5000, interval: 1 });
    expect(await seenBy(D1)).toEqual(granted());
    // It has waited for its own hash alone, and not for one of each of them before. The one that theirs has begun with may be done,
    // and answers all that its address has asked with the same secret.
    expect(answered.size).toBeLessThan(2);
    gateway.app.get(SlowHash).beforeApplicationShutdown();
    await guesses;
    expect(new Set(statuses)).toEqual(new Set([429]));
  });

  it('gets it for every one of many requests at once', async () => {
    await start(3);
    expect(await flood(() => RIGHT, D1)).toEqual(new Set([200]));
  });

  it('has its secret hashed once, for as long as it comes once an hour', async () => {
    await start(1000);
    const hashing = vi.spyOn(gateway.app.get(SlowHash), 'matches');
    const now = performance.now.bind(performance);
    for (const passedMs of [0, 0.9 * HOUR_MS, 1.8 * HOUR_MS]) {
      vi.spyOn(performance, 'now').mockImplementation(() => now() + passedMs);
      expect(await seenBy(D1)).toEqual(granted());
    }
    expect(hashing).toHaveBeenCalledTimes(1);
  });

  it('is told from an unknown one by no flood of guesses', { timeout: 60_000 }, async () => {
    await start(1000);
    const known = await flood((nth) => basic(CHOSEN.clientId, `wrong ${nth}`));
    const unknown = await flood((nth) => basic('nobody', `wrong ${nth}`));
    expect(unknown).toEqual(known);
  });
});

describe('a client that was given a generated secret beside its chosen one', () => {
  let gateway: TestGateway;
  beforeEach(async () => {
    gateway = await TestGateway.start({ provision: { ...PROVISION, clients: [...PROVISION.clients, CHOSEN] } });
  });
  afterEach(() => gateway.close());

  it('gets its access token though nothing of its address is hashed any more', async () => {
    const { secret, hashed } = gateway.app.get(SecretHasher).generate();
    const registrar = gateway.app.get(ClientRegistrar);
    await gateway.app.get(Transactions).run((manager) => registrar.addSecret(manager, CHOSEN.clientId, hashed));
    registrar.committed();
    const held = new AbortController();
    const until = new Promise<Standing>((resolve) => held.signal.addEventListener('abort', () => resolve('clean')));
    const guesser = { address: addressKey('127.0.0.1'), standing: () => until };
    const places = Array.from({ length: 8 }, () => gateway.app.get(SlowHash).decoy('', guesser));

    expect((await askForToken(gateway, { authorization: RIGHT })).status).toBe(503);
    const authorization = basic(CHOSEN.clientId, secret);
    expect(seen(await askForToken(gateway, { authorization }))).toEqual(granted());

    held.abort();
    await Promise.all(places);
  });
});
