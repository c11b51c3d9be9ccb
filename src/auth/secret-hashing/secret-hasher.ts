import { Injectable } from '@nestjs/common';
import { randomBytes, timingSafeEqual } from 'node:crypto';
import { MasterKey } from '../../secrets/master-key.js';
import { SlowHash, type Guesser } from './slow-hash.js';

/**
 * `generated`: 256 random bits, for which a keyed hash is enough and fast. `chosen`: picked by people, so it is hashed
 * slowly (scrypt).
 */
export type SecretKind = 'generated' | 'chosen';

export interface HashedSecret {
  readonly kind: SecretKind;
  readonly hash: string;
}

const PURPOSE = 'client-secret';

@Injectable()
export class SecretHasher {
  constructor(
    private readonly masterKey: MasterKey,
    private readonly slowHash: SlowHash,
  ) {}

  /** A new secret in clear (to be shown once) and what is kept of it. */
  generate(): { secret: string; hashed: HashedSecret } {
    const secret = randomBytes(32).toString('base64url');
    return { secret, hashed: { kind: 'generated', hash: this.masterKey.hash(PURPOSE, secret) } };
  }

  async hashChosen(secret: string): Promise<HashedSecret> {
    return { kind: 'chosen', hash: await this.slowHash.hash(secret) };
  }

  /**
   * @param guesser whose turn it takes, where it is not the gateway itself that asks
   * @throws HashingBusy when too many slow hashes are waiting
   */
  async matches(secret: string, hashed: HashedSecret, guesser?: Guesser): Promise<boolean> {
    return hashed.kind === 'generated'
      ? this.matchesGenerated(secret, hashed)
      : this.slowHash.matches(secret, hashed.hash, guesser);
  }

  private matchesGenerated(secret: string, { hash }: HashedSecret): boolean {
    return timingSafeEqual(Buffer.from(this.masterKey.hash(PURPOSE, secret)), Buffer.from(hash));
  }
}
