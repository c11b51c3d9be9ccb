import { Injectable, type BeforeApplicationShutdown, type OnApplicationShutdown } from '@nestjs/common';
import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';
import { AddressPlaces } from './address-places.js';
import { HashLane, type HashLaneOptions } from './hash-lane.js';
import { HashThread, type HashJob } from './hash-thread.js';
import { MostUrgentFirst } from './most-urgent-first.js';
import { restAfterMs } from './rest-after.js';

/** OWASP's scrypt setting of 16 MiB: as hard to guess as the larger ones, at a memory a server can spare. */
const COST = { logN: 14, r: 8, p: 5 } as const;
const HASH_BYTES = 32;
const SALT_BYTES = 16;

/** What an address has guessed in the current minute: nothing wrong, something, or so much that others must not wait for it. */
export type Standing = 'clean' | 'failed' | 'over-limit';

/** On whose behalf a secret is hashed. */
export interface Guesser {
  readonly address: string;
  readonly standing: () => Promise<Standing>;
}

/** What one address may have waiting and running, and how much of that while it is over its limit. */
const PER_ADDRESS = 8;
const PER_ADDRESS_OVER_LIMIT = 1;
/** Addresses that may wait, of those that are not over the limit. */
const ADDRESSES = 64;
const ADDRESSES_OVER_LIMIT = 16;
/**
 * The lowest priority: on a core that the intake fills a hash then takes 1.3 to 1.6 s, where a priority between cost the intake's
 * p99 more than all else about a flood of guesses (docs/performance.md). The thread is kept for as long as a rest takes, and not begun
 * anew after each.
 */
const THREAD = { niceness: 19, idleMs: 5000 } as const;
/** The higher, the sooner it is hashed. */
const URGENCY = { clean: 2, failed: 1, overLimit: 0 } as const;

/**
 * scrypt (RFC 7914) off the event loop, bounded, written as `$scrypt$ln=14,r=8,p=5$salt$hash`.
 *
 * Each hash takes a core for about 0.15 s, and the intake lives on the same machine: so those of guessers are made one after the other,
 * in a thread that gets what the intake leaves over. They wait in three lanes, addresses in turn: of who has failed lately or asks for
 * several at once they are made when nobody waits who has not, and over the limit when nobody else does, after a long rest.
 */
@Injectable()
export class SlowHash implements BeforeApplicationShutdown, OnApplicationShutdown {
  private readonly thread = new HashThread(THREAD);
  private readonly turns = new MostUrgentFirst();
  private readonly cleanLane = this.lane(URGENCY.clean, { addresses: ADDRESSES });
  private readonly failedLane = this.lane(URGENCY.failed, { addresses: ADDRESSES });
  private readonly overLimitLane = this.lane(URGENCY.overLimit, {
    addresses: ADDRESSES_OVER_LIMIT,
    restMs: restAfterMs,
  });
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
    await this.thread.stop();
  }

  private lane(urgency: number, options: HashLaneOptions): HashLane {
    return new HashLane((job) => this.turns.run(urgency, () => this.thread.hash(job)), options);
  }

  private inTurn(guesser: Guesser, job: HashJob): Promise<Buffer> {
    const { address } = guesser;
    // Before it is asked how the address stands: that may take a look at the database.
    return this.places.hold(
      address,
      async (isAlone) =>
        (await this.hashUnlessOverLimit(guesser, isAlone, job)) ??
        this.overLimitPlaces.hold(address, () => this.overLimitLane.hash(address, job)),
    );
  }

  /** Asks again when a turn has come: of what an address has sent all at once, enough may have proved wrong by then. */
  private async hashUnlessOverLimit(
    { address, standing }: Guesser,
    isAlone: boolean,
    job: HashJob,
  ): Promise<Buffer | undefined> {
    const atFirst = await standing();
    if (atFirst === 'over-limit') return undefined;
    if (atFirst === 'clean' && isAlone) return this.cleanLane.hash(address, job);
    return this.failedLane.hashUnless(async () => (await standing()) === 'over-limit', address, job);
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
