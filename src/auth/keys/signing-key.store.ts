import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import type { JWK } from 'jose';
import { Repository } from 'typeorm';
import { Clock } from '../../clock/clock.js';
import { Transactions } from '../../database/transactions.js';
import { MasterKey } from '../../secrets/master-key.js';
import { keyPairOf, makePrivateJwk, SIGNING_ALGORITHM, type KeyPair } from './key-pair.js';
import { SigningKey } from './signing-key.entity.js';

const PURPOSE = 'signing-key';

/** Signing keys in the database, private halves encrypted: shared by all instances, and there after a restart. */
@Injectable()
export class SigningKeyStore {
  constructor(
    @InjectRepository(SigningKey) private readonly keys: Repository<SigningKey>,
    private readonly transactions: Transactions,
    private readonly masterKey: MasterKey,
    private readonly clock: Clock,
  ) {}

  /** Makes the first key. Of instances that start at once, one succeeds: there is one active key (unique index). */
  async ensureActive(): Promise<void> {
    if (await this.keys.existsBy({ state: 'active' })) return;
    const privateJwk = await makePrivateJwk();
    const { kid, publicJwk } = await keyPairOf(privateJwk);
    const encryptedPrivateJwk = await this.masterKey.encrypt(PURPOSE, JSON.stringify(privateJwk));
    await this.add({ kid, publicJwk, encryptedPrivateJwk, state: 'active' });
  }

  /** Keeps the public half of a key from elsewhere, for when it is no longer there, and for other instances. */
  async keepPublic({ kid, publicJwk }: KeyPair): Promise<void> {
    await this.add({ kid, publicJwk, encryptedPrivateJwk: '', state: 'retired' });
  }

  async load(): Promise<{ active: KeyPair; publicJwks: readonly JWK[] }> {
    const rows = await this.keys.find({ order: { createdAtMs: 'DESC' } });
    const active = rows.find(({ state }) => state === 'active');
    if (!active) throw new Error('There is no active signing key');
    const privateJwk = JSON.parse(await this.masterKey.decrypt(PURPOSE, active.encryptedPrivateJwk)) as JWK;
    return {
      active: await keyPairOf(privateJwk),
      publicJwks: rows.map(({ publicJwk }) => JSON.parse(publicJwk) as JWK),
    };
  }

  private async add({ publicJwk, ...key }: NewKey): Promise<void> {
    const row = { algorithm: SIGNING_ALGORITHM, publicJwk: JSON.stringify(publicJwk), createdAtMs: this.clock.nowMs() };
    await this.transactions.run((manager) =>
      manager
        .createQueryBuilder()
        .insert()
        .into(SigningKey)
        .values({ ...key, ...row })
        .orIgnore()
        .updateEntity(false)
        .execute(),
    );
  }
}

type NewKey = Pick<SigningKey, 'kid' | 'encryptedPrivateJwk' | 'state'> & Pick<KeyPair, 'publicJwk'>;
