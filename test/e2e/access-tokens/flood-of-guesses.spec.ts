// D1 asks for an access token, its secret a chosen one, while others guess without end.
import { fetchAccessToken } from '@gateway/d1-simulator';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SlowHash } from '../../../src/auth/secret-hashing/slow-hash.js';
import { basic, PROVISION, TestGateway } from '../../support/test-gateway.js';
import { askForToken } from '../../contract/access-token/token-call.js';

const D1 = { clientId: 'chosen', clientSecret: 'secret of chosen' };
const LIMIT = 3;
const CONNECTIONS = 12;
/** More than are let in while one is being refused: so there is always a line. */
const MANY = 60;

/** The caller itself is no trusted address’s caller: so D1 is 127.0.0.1, and guessers are who a proxy there says they are. */
const env = { TRUSTED_PROXIES: '127.0.0.1', GUESS_LIMIT_PER_MINUTE: String(LIMIT), LOG_LEVEL: 'fatal' };

class Flood {
  readonly statuses: number[] = [];
  private going = true;
  private readonly loops: Promise<void>[];

  constructor(
    private readonly gateway: TestGateway,
    addresses: number,
    private readonly clientId: (nth: string) => string,
    { connections = CONNECTIONS, address }: { connections?: number; address?: string } = {},
  ) {
    this.loops = Array.from({ length: connections }, (_, nth) =>
      this.guess(nth, address ?? `192.0.2.${nth % addresses}`),
    );
  }

  /** Secrets that were checked, and found wrong. */
  get checked(): number {
    return this.statuses.filter((status) => status !== 503).length;
  }

  /** Until it has used up what is checked at once, and more than that is refused. */
  async inFullSpate(): Promise<void> {
    const isFull = (): boolean => this.checked >= LIMIT && this.statuses.length - this.checked > CONNECTIONS;
    await expect.poll(isFull, { timeout: 30_000, interval: 20 }).toBe(true);
  }

  async stop(): Promise<void> {
    this.going = false;
    this.gateway.app.get(SlowHash).beforeApplicationShutdown();
    await Promise.all(this.loops);
  }

  private async guess(nth: number, address: string): Promise<void> {
    for (let turn = 0; this.going; turn += 1) {
      const { status } = await askForToken(this.gateway, {
        authorization: basic(this.clientId(`${nth}-${turn}`), `wrong ${nth} ${turn}`),
        headers: { 'x-forwarded-for': address },
      });
      this.statuses.push(status);
    }
  }
}

describe('D1’s first access token, its secret not checked yet,', { timeout: 60_000 }, () => {
  let gateway: TestGateway;
  beforeEach(async () => {
    const clients = [...PROVISION.clients, { ...D1, scopes: ['d1:notify'] }];
    gateway = await TestGateway.start({ provision: { ...PROVISION, clients }, env });
  });
  afterEach(() => gateway.close());

  const anybody = (nth: string): string => `nobody ${nth}`;
  const itself = (): string => D1.clientId;
  it.each([
    ['one address guesses at its own client', 1, itself],
    ['one address guesses at clients that there are not', 1, anybody],
    ['several addresses guess at its own client', 4, itself],
    ['several addresses guess at clients that there are not', 4, anybody],
  ])('is given at the first try while %s', async (_who, addresses, clientId) => {
    const flood = new Flood(gateway, addresses, clientId);
    await flood.inFullSpate();
    const before = flood.checked;

    const { value } = await fetchAccessToken({ baseUrl: gateway.url, credentials: D1, retry: { maxAttempts: 1 } });

    expect(value).toMatch(/^ey/);
    // No guess came before it but one that was being hashed already.
    expect(flood.checked - before).toBeLessThan(3);
    await flood.stop();
    expect([401, 429, 503]).toEqual(expect.arrayContaining([...new Set(flood.statuses)]));
  });
});

describe('D1’s next access token', { timeout: 60_000 }, () => {
  it('waits for nobody’s guesses, though D1 has been forgotten since the last and they come from its own address', async () => {
    const clients = [...PROVISION.clients, { ...D1, scopes: ['d1:notify'] }];
    // Remembered for as good as no time: D1 comes once in the life of an access token.
    const forgetful = { ...env, CLIENT_CACHE_SECONDS: '0' };
    const gateway = await TestGateway.start({ provision: { ...PROVISION, clients }, env: forgetful });
    const ask = (): Promise<{ value: string }> =>
      fetchAccessToken({ baseUrl: gateway.url, credentials: D1, retry: { maxAttempts: 1 } });
    await ask();
    const flood = new Flood(gateway, 1, (nth) => `nobody ${nth}`, { connections: MANY, address: '127.0.0.1' });
    await flood.inFullSpate();

    for (let times = 0; times < 5; times += 1) {
      const before = flood.statuses.length;
      expect((await ask()).value).toMatch(/^ey/);
      // It would be let in after all who wait, nearly all of them.
      expect(flood.statuses.length - before).toBeLessThan(MANY / 4);
    }
    await flood.stop();
    await gateway.close();
  });
});
