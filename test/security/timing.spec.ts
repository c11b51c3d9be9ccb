// Whether an answer's time tells that a client exists: samples of both kinds, one after the other in turn, compared by ranks
// (Mann-Whitney), as single slow answers must not decide.
import { getRepositoryToken } from '@nestjs/typeorm';
import { setTimeout as wait } from 'node:timers/promises';
import type { Repository } from 'typeorm';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { Client } from '../../src/auth/clients/client.entity.js';
import { SlowHash, type Standing } from '../../src/auth/secret-hashing/slow-hash.js';
import { addressKey } from '../../src/http/address-key.js';
import { send } from '../support/http.js';
import { basic, D1_CLIENT, PROVISION, TestGateway } from '../support/test-gateway.js';
import { mannWhitneyZ, median } from './mann-whitney.js';

/** By chance alone, one run in 15,000 is beyond it. */
const MAX_Z = 4;
/** What one address may have waiting to be hashed. */
const MAX_PER_ADDRESS = 8;

const CHOSEN = { clientId: 'chosen', clientSecret: 'secret of chosen', scopes: ['d1:notify'] };
const WITH_CHOSEN = { ...PROVISION, clients: [...PROVISION.clients, CHOSEN] };

let gateway: TestGateway;
const start = async (provision: object, guessLimit = 100_000): Promise<void> => {
  const env = { GUESS_LIMIT_PER_MINUTE: String(guessLimit), LOG_LEVEL: 'fatal' };
  gateway = await TestGateway.start({ provision, env });
};

/** @returns the time of an answer */
async function refusalMs(clientId: string, secret: string, expected: number): Promise<number> {
  const headers = {
    authorization: basic(clientId, secret),
    'content-type': 'application/x-www-form-urlencoded',
  };
  const startedMs = performance.now();
  const { status } = await send(gateway.url, '/oauth2/token', { headers, body: 'grant_type=client_credentials' });
  const elapsedMs = performance.now() - startedMs;
  expect(status).toBe(expected);
  return elapsedMs;
}

interface Measure {
  readonly samples: number;
  readonly known: string;
  readonly status?: number;
}

/** @returns the statistic, after it was told together with what it is made of */
async function compare(name: string, { samples, known, status = 401 }: Measure): Promise<number> {
  const ofKnown: number[] = [];
  const ofUnknown: number[] = [];
  for (let sample = 0; sample < samples; sample += 1) {
    // Another one each time: what was looked up once is remembered. In turns, so that neither is always the first.
    const measures = [
      async () => void ofKnown.push(await refusalMs(known, `wrong ${sample}`, status)),
      async () => void ofUnknown.push(await refusalMs(`is_tbank${sample}`, `wrong ${sample}`, status)),
    ];
    for (const take of sample % 2 === 0 ? measures : measures.toReversed()) await take();
  }
  const z = mannWhitneyZ(ofKnown, ofUnknown);
  const [knownMs, unknownMs] = [ofKnown, ofUnknown].map((all) => median(all).toFixed(2));
  // oxlint-disable-next-line no-console -- to be read, and compared with the last time's
  console.info(
    `${name}: n = ${samples} each, medians ${knownMs} ms (known), ${unknownMs} ms (unknown), z = ${z.toFixed(2)}`,
  );
  return Math.abs(z);
}

it('the measure tells a difference of a millisecond in a hundred', () => {
  const noise = Array.from({ length: 60 }, (_, index) => 100 + ((index * 37) % 60) / 40);
  const later = noise.map((ms) => ms + 1);
  expect(Math.abs(mannWhitneyZ(noise, noise))).toBeLessThan(0.1);
  expect(Math.abs(mannWhitneyZ(noise, later))).toBeGreaterThan(MAX_Z);
  expect(Math.abs(mannWhitneyZ(noise.slice(0, 20), later.slice(0, 20)))).toBeGreaterThan(MAX_Z);
});

describe('an unknown client and a wrong secret take the same time', { timeout: 180_000 }, () => {
  afterEach(() => gateway.close());

  it('where the secret is a generated one', async () => {
    await start(PROVISION);
    expect(await compare('generated', { samples: 60, known: D1_CLIENT })).toBeLessThan(MAX_Z);
  });

  it('where it is a chosen one, which takes long to check', async () => {
    await start(WITH_CHOSEN);
    expect(await compare('chosen', { samples: 40, known: CHOSEN.clientId })).toBeLessThan(MAX_Z);
  });

  it('where it is a generated one, and another client has a chosen one', async () => {
    await start(WITH_CHOSEN);
    expect(await compare('generated beside chosen', { samples: 40, known: D1_CLIENT })).toBeLessThan(MAX_Z);
  });

  it('where the address is over its limit', async () => {
    await start(WITH_CHOSEN, 1);
    // The rest between is as long as the hash before it says, whosever that was.
    gateway.app.get(SlowHash).beforeApplicationShutdown();
    await refusalMs('nobody', 'wrong', 401);
    expect(await compare('over its limit', { samples: 40, known: CHOSEN.clientId, status: 429 })).toBeLessThan(MAX_Z);
  });

  it('where the address has too many others waiting, and neither is checked', async () => {
    await start(WITH_CHOSEN);
    lookUpsTake(50);
    const held = new AbortController();
    const places = holdPlaces(held.signal);

    const z = await compare('busy', { samples: 30, known: CHOSEN.clientId, status: 503 });

    held.abort();
    await Promise.allSettled(places);
    expect(z).toBeLessThan(MAX_Z);
  });
});

/** The database is slow: what only an unknown client costs shows, unless it is covered. */
function lookUpsTake(delayMs: number): void {
  const clients = gateway.app.get<Repository<Client>>(getRepositoryToken(Client));
  const find = clients.find.bind(clients);
  vi.spyOn(clients, 'find').mockImplementation(async (options) => {
    const found = await find(options);
    await wait(delayMs);
    return found;
  });
}

/** All that this address may have waiting; they are never hashed. */
function holdPlaces(until: AbortSignal): Promise<void>[] {
  const standing = (): Promise<Standing> =>
    new Promise((_resolve, reject) => until.addEventListener('abort', () => reject(new Error('released'))));
  const guesser = { address: addressKey('127.0.0.1'), standing };
  return Array.from({ length: MAX_PER_ADDRESS }, () => gateway.app.get(SlowHash).decoy('', guesser));
}
