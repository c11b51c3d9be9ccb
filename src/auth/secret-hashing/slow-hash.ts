import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';
import { Unavailable } from '../../errors/common-errors.js';
import { AddressBusy } from '../auth-errors.js';
import { FairLane } from './fair-lane.js';
import { HashThread, type HashJob } from './hash-thread.js';

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

/** What one address may have waiting and running. */
const MAX_PER_ADDRESS = 8;
/** On a core that the intake fills, the right client still has its hash within a second; the others have what is left over. */
const NICENESS = 5;
const OVER_LIMIT_NICENESS = 19;
/** Addresses that may wait in a lane: as they take turns, one that comes anew waits for one hash of each. */
const MAX_ADDRESSES = 64;

/**
 * scrypt (RFC 7914) off the event loop, bounded, written as `$scrypt$ln=14,r=8,p=5$salt$hash`.
 *
 * Each hash takes a core for about 0.15 s, and the intake lives on the same machine: so there is one at a time in each
 * of two lanes, in a thread that yields to the event loop's, and addresses take turns. Whoever is over the limit of guesses
 * has the second lane.
 */
@Injectable()
export class SlowHash implements OnApplicationShutdown {
  private readonly lane: Lane = { turns: new FairLane(), thread: new HashThread(NICENESS) };
  private readonly overLimitLane: Lane = { turns: new FairLane(), thread: new HashThread(OVER_LIMIT_NICENESS) };
  private readonly underwayByAddress = new Map<string, number>();
  private readonly decoySalt = randomBytes(SALT_BYTES);

  /** For the gateway itself, which waits for nobody's guesses. */
  async hash(secret: string): Promise<string> {
    const salt = randomBytes(SALT_BYTES);
    const hash = await derive(jobOf(secret, salt, COST));
    return `$scrypt$ln=${COST.logN},r=${COST.r},p=${COST.p}$${encode(salt)}$${encode(hash)}`;
  }

  /** @throws AddressBusy, Unavailable */
  async matches(secret: string, stored: string, guesser?: Guesser): Promise<boolean> {
    const { cost, salt, hash } = parse(stored);
    const job = jobOf(secret, salt, cost);
    return timingSafeEqual(await (guesser ? this.inTurn(guesser, job) : derive(job)), hash);
  }

  /** Costs what `matches` costs, and takes its turn like it. */
  async decoy(secret: string, guesser: Guesser): Promise<void> {
    await this.inTurn(guesser, jobOf(secret, this.decoySalt, COST));
  }

  async onApplicationShutdown(): Promise<void> {
    await Promise.all([this.lane.thread.stop(), this.overLimitLane.thread.stop()]);
  }

  private async inTurn({ address, isOverLimit }: Guesser, job: HashJob): Promise<Buffer> {
    const underway = this.underwayByAddress.get(address) ?? 0;
    if (underway >= MAX_PER_ADDRESS) throw new AddressBusy();
    this.underwayByAddress.set(address, underway + 1);
    try {
      // After that: to ask may take a look at the database.
      const { turns, thread } = (await isOverLimit()) ? this.overLimitLane : this.lane;
      if (turns.waitingKeys >= MAX_ADDRESSES)
        throw new Unavailable({ detail: 'Too many secrets are waiting to be hashed' });
      return await turns.run(address, () => thread.hash(job));
    } finally {
      this.release(address);
    }
  }

  private release(address: string): void {
    const left = (this.underwayByAddress.get(address) ?? 1) - 1;
    if (left > 0) this.underwayByAddress.set(address, left);
    else this.underwayByAddress.delete(address);
  }
}

interface Lane {
  readonly turns: FairLane;
  readonly thread: HashThread;
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
