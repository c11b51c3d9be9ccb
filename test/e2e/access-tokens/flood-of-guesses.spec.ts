// D1 asks for its first access token, its secret a chosen one and not checked yet, while others guess without end.
import { fetchAccessToken } from '@gateway/d1-simulator';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SlowHash } from '../../../src/auth/secret-hashing/slow-hash.js';
import { basic, PROVISION, TestGateway } from '../../support/test-gateway.js';
import { askForToken } from '../../contract/access-token/token-call.js';

const D1 = { clientId: 'chosen', clientSecret: 'secret of chosen' };
const LIMIT = 3;
const CONNECTIONS = 12;

/** The caller itself is no trusted address’s caller: so D1 is 127.0.0.1, and guessers are who a proxy there says they are. */
const env = { TRUSTED_PROXIES: '127.0.0.1', GUESS_LIMIT_PER_MINUTE: String(LIMIT), LOG_LEVEL: 'fatal' };

class Flood {
  readonly statuses: number[] = [];
  private going = true;
  private readonly loops: Promise<void>[];

  constructor(
    private readonly gateway: TestGateway,
    private readonly addresses: number,
    private readonly clientId: (nth: string) => string,
  ) {
    this.loops = Array.from({ length: CONNECTIONS }, (_, nth) => this.guess(nth));
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

  private async guess(nth: number): Promise<void> {
    const address = `192.0.2.${nth % this.addresses}`;
    for (let turn = 0; this.going; turn += 1) {
      const { status } = await askForToken(this.gateway, {
        authorization: basic(this.clientId(`${nth}-${turn}`), `wrong ${nth} ${turn}`),
        headers: { 'x-forwarded-for': address },
      });
      this.statuses.push(status);
    }
  }
}

describe('D1’s first access token', { timeout: 60_000 }, () => {
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
