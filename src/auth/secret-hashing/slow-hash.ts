import { Injectable, type BeforeApplicationShutdown, type OnApplicationShutdown } from '@nestjs/common';
import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';
import { AddressPlaces } from './address-places.js';
import { HashLane } from './hash-lane.js';
import type { HashJob } from './hash-thread.js';
import { restAfterMs } from './rest-after.js';

/** OWASP's scrypt setting of 16 MiB: as hard to guess as the larger ones, at a memory a server can spare. */
const COST = { logN: 14, r: 8, p: 5 } as const;
const HASH_BYTES = 32;
const SALT_BYTES = 16;

/** On whose behalf a secret is hashed. */
export interface Guesser {
  readonly address: string;
  /** Whether it has guessed wrongly so often that others must not wait for it. */
  readonly isOverLimit: () => Promise<boolean>;
}

/** What one address may have waiting and running, and how much of that while it is over its limit. */
const PER_ADDRESS = 8;
const PER_ADDRESS_OVER_LIMIT = 1;
/** On a core that the intake fills, the right client still has its hash within a second. */
const LANE = { niceness: 5, addresses: 64, idleMs: 1000 } as const;
/**
 * A hash in some seconds. That it has the lowest priority is not enough: the kernel lets the thread end its slice before the
 * intake, back from its disk, goes on. The thread is kept for as long as a rest takes, and not begun anew after each.
 */
const OVER_LIMIT_LANE = { niceness: 19, addresses: 16, idleMs: 5000, restMs: restAfterMs } as const;

/**
 * scrypt (RFC 7914) off the event loop, bounded, written as `$scrypt$ln=14,r=8,p=5$salt$hash`.
 *
 * Each hash takes a core for about 0.15 s, and the intake lives on the same machine: so there is one at a time in each
 * of two lanes, in a thread that yields to the event loop's, and addresses take turns. Whoever is over the limit of guesses
 * has the second lane, which rests most of the time.
 */
@Injectable()
export class SlowHash implements BeforeApplicationShutdown, OnApplicationShutdown {
  private readonly lane = new HashLane(LANE);
  private readonly overLimitLane = new HashLane(OVER_LIMIT_LANE);
  private readonly places = new AddressPlaces(PER_ADDRESS);
  private readonly overLimitPlaces = new AddressPlaces(PER_ADDRESS_OVER_LIMIT);
  private readonly decoySalt = randomBytes(SALT_BYTES);

  /** For the gateway itself, which waits for nobody's guesses. */
  async hash(secret: string): Promise<string> {
    const salt = randomBytes(SALT_BYTES);
    const hash = await derive(jobOf(secret, salt, COST));
    return `$scrypt$ln=${COST.logN},r=${COST.r},p=${COST.p}$${encode(salt)}$${encode(hash)}`;
  }

  /** @throws HashingBusy */
  async matches(secret: string, stored: string, guesser?: Guesser): Promise<boolean> {
    const { cost, salt, hash } = parse(stored);
    const job = jobOf(secret, salt, cost);
    return timingSafeEqual(await (guesser ? this.inTurn(guesser, job) : derive(job)), hash);
  }

  /** Costs what `matches` costs, and takes its turn like it. */
  async decoy(secret: string, guesser: Guesser): Promise<void> {
    await this.inTurn(guesser, jobOf(secret, this.decoySalt, COST));
  }

  /** Who waits is answered soon: the server closes after that. */
  beforeApplicationShutdown(): void {
    this.overLimitLane.hurry();
  }

  async onApplicationShutdown(): Promise<void> {
    await Promise.all([this.lane.stop(), this.overLimitLane.stop()]);
  }

  private inTurn({ address, isOverLimit }: Guesser, job: HashJob): Promise<Buffer> {
    // Before it is asked for the first time: that may take a look at the database.
    return this.places.hold(address, async () => {
      if (!(await isOverLimit())) {
        // And again when its turn comes: of what an address has sent all at once, enough may have proved wrong by then.
        const hash = await this.lane.hashUnless(isOverLimit, address, job);
        if (hash) return hash;
      }
      return this.overLimitPlaces.hold(address, () => this.overLimitLane.hash(address, job));
    });
  }
}

interface Cost {
  readonly logN: number;
  readonly r: number;
  readonly p: number;
}

function parse(stored: string): { cost: Cost; salt: Buffer; hash: Buffer } {
  const match = /^\$scrypt\$ln=(\d+),r=(\d+),p=(\d+)\$([\w-]+)\$([\w-]+)$/.exec(stored);
  if (!match) throw new Error('A stored secret hash is not in the scrypt format');
  const [, logN, r, p, salt = '', hash = ''] = match;
  return { cost: { logN: Number(logN), r: Number(r), p: Number(p) }, salt: decode(salt), hash: decode(hash) };
}

const encode = (bytes: Buffer): string => bytes.toString('base64url');
const decode = (text: string): Buffer => Buffer.from(text, 'base64url');

function jobOf(secret: string, salt: Buffer, { logN, r, p }: Cost): HashJob {
  return { secret, salt, bytes: HASH_BYTES, options: { N: 2 ** logN, r, p, maxmem: 2 ** 26 } };
}

function derive({ secret, salt, bytes, options }: HashJob): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    scrypt(secret, salt, bytes, options, (error, hash) => (error ? reject(error) : resolve(hash)));
  });
}
