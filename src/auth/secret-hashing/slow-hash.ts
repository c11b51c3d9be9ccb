import { Injectable } from '@nestjs/common';
import { randomBytes, scrypt, timingSafeEqual, type ScryptOptions } from 'node:crypto';
import pLimit from 'p-limit';
import { Unavailable } from '../../errors/common-errors.js';

/** OWASP's scrypt setting of 16 MiB: as hard to guess as the larger ones, at a memory a server can spare. */
const COST = { logN: 14, r: 8, p: 5 } as const;
const HASH_BYTES = 32;
const SALT_BYTES = 16;

/** One at a time: each takes a core for about 0.15 s, and the intake lives on the same machine. */
const CONCURRENCY = 1;
const MAX_WAITING = 64;

/** scrypt (RFC 7914) off the event loop, bounded, written as `$scrypt$ln=14,r=8,p=5$salt$hash`. */
@Injectable()
export class SlowHash {
  private readonly limit = pLimit(CONCURRENCY);
  private readonly decoySalt = randomBytes(SALT_BYTES);

  async hash(secret: string): Promise<string> {
    const salt = randomBytes(SALT_BYTES);
    const hash = await this.derive(secret, salt, COST);
    return `$scrypt$ln=${COST.logN},r=${COST.r},p=${COST.p}$${encode(salt)}$${encode(hash)}`;
  }

  async matches(secret: string, stored: string): Promise<boolean> {
    const { cost, salt, hash } = parse(stored);
    return timingSafeEqual(await this.derive(secret, salt, cost), hash);
  }

  /** Costs what `matches` costs, and takes its turn like it. */
  async decoy(secret: string): Promise<void> {
    await this.derive(secret, this.decoySalt, COST);
  }

  private derive(secret: string, salt: Buffer, cost: Cost): Promise<Buffer> {
    if (this.limit.pendingCount >= MAX_WAITING) {
      return Promise.reject(new Unavailable({ detail: 'Too many secrets are waiting to be hashed' }));
    }
    return this.limit(() => scryptAsync(secret, salt, { N: 2 ** cost.logN, r: cost.r, p: cost.p, maxmem: 2 ** 26 }));
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

function scryptAsync(secret: string, salt: Buffer, options: ScryptOptions): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    scrypt(secret, salt, HASH_BYTES, options, (error, hash) => (error ? reject(error) : resolve(hash)));
  });
}
