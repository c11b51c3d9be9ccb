import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import type { JWK } from 'jose';
import { LessThan, Repository, type EntityManager } from 'typeorm';
import { Clock } from '../../clock/clock.js';
import { GatewayConfig } from '../../config/gateway-config.js';
import { Transactions } from '../../database/transactions.js';
import { KeyVault } from '../../secrets/key-vault.js';
import { keyPairOf, makePrivateJwk, SIGNING_ALGORITHM, type KeyPair } from './key-pair.js';
import { SigningKey } from './signing-key.entity.js';

const PURPOSE = 'signing-key';

/** On top of the life of what it has signed: for instances that were late to notice. */
const RETIRED_MARGIN_MS = 300_000;

export interface StoredKeys {
  readonly active: KeyPair;
  /** Signs from then on. */
  readonly next?: { readonly pair: KeyPair; readonly signsFromMs: number };
  /** All that access tokens may still be signed with, and the next. */
  readonly publicJwks: readonly JWK[];
}

/** Signing keys in the database, private halves encrypted: shared by all instances, and there after a restart. */
@Injectable()
export class SigningKeyStore {
  constructor(
    @InjectRepository(SigningKey) private readonly keys: Repository<SigningKey>,
    private readonly transactions: Transactions,
    private readonly vault: KeyVault,
    private readonly clock: Clock,
    private readonly config: GatewayConfig,
  ) {}

  /** Makes the first key. Of instances that start at once, one succeeds: there is one active key (unique index). */
  async ensureActive(): Promise<void> {
    if (await this.keys.existsBy({ state: 'active' })) return;
    await this.add(await this.make('active'));
  }

  /** Keeps the public half of a key from elsewhere, for when it is no longer there, and for other instances. */
  async keepPublic({ kid, publicJwk }: KeyPair): Promise<void> {
    await this.add({
      kid,
      algorithm: SIGNING_ALGORITHM,
      publicJwk: JSON.stringify(publicJwk),
      encryptedPrivateJwk: '',
      state: 'retired',
      createdAtMs: this.clock.nowMs(),
    });
  }

  async load(): Promise<StoredKeys> {
    const rows = await this.keys.find({ order: { createdAtMs: 'DESC' } });
    const active = rows.find(({ state }) => state === 'active');
    if (!active) throw new Error('There is no active signing key');
    const next = rows.find(({ state }) => state === 'next');
    const keptFromMs = this.keptFromMs();
    return {
      active: await this.pairOf(active),
      ...(next && { next: { pair: await this.pairOf(next), signsFromMs: next.signsFromMs ?? 0 } }),
      publicJwks: rows
        .filter(({ retiredAtMs }) => retiredAtMs === null || retiredAtMs > keptFromMs)
        .map(({ publicJwk }) => JSON.parse(publicJwk) as JWK),
    };
  }

  /**
   * Makes the key that is to sign from then on, unless one is waiting already. Of instances that do it at once, one does:
   * one key waits at a time (unique index).
   */
  async addNext(manager: EntityManager, signsFromMs: number): Promise<{ row: SigningKey; isNew: boolean }> {
    const waiting = await manager.findOneBy(SigningKey, { state: 'next' });
    if (waiting) return { row: waiting, isNew: false };
    const made = { ...(await this.make('next')), signsFromMs, retiredAtMs: null };
    await this.insert(manager, made);
    const row = (await manager.findOneBy(SigningKey, { state: 'next' })) ?? made;
    return { row, isNew: row.kid === made.kid };
  }

  /**
   * The same, where the active key has signed since before then.
   *
   * @param onMade in the same transaction
   * @returns the key that was made; undefined where it is not time, or another instance was first
   */
  async addNextIfOlder(
    thanMs: number,
    signsFromMs: number,
    onMade: (manager: EntityManager, made: SigningKey) => Promise<void>,
  ): Promise<SigningKey | undefined> {
    return this.transactions.run(async (manager) => {
      // A write, which changes nothing: it holds the active key as it is until the commit. Whoever promotes waits for it, and
      // whoever was waited for leaves no old key to be found here.
      const { affected } = await manager
        .createQueryBuilder()
        .update(SigningKey)
        .set({ state: 'active' })
        .where(`state = 'active' and coalesce(signs_from_ms, created_at_ms) <= :thanMs`, { thanMs })
        .execute();
      if (affected === 0) return undefined;
      const { row, isNew } = await this.addNext(manager, signsFromMs);
      if (!isNew) return undefined;
      await onMade(manager, row);
      return row;
    });
  }

  /** @returns how many keys were deleted, since all they signed has run out */
  async deleteOver(): Promise<number> {
    const { affected } = await this.transactions.run((manager) =>
      manager.delete(SigningKey, { state: 'retired', retiredAtMs: LessThan(this.keptFromMs()) }),
    );
    return affected ?? 0;
  }

  /** The next key signs from now on. Of instances that do it at once, one does. */
  async promote(kid: string): Promise<void> {
    const retiredAtMs = this.clock.nowMs();
    await this.transactions.run(async (manager) => {
      // A write first: it is what others wait for. Whoever comes second finds no `next` any more. And the old one goes
      // before the new one comes, since there is one active key (unique index).
      const { affected } = await manager.update(SigningKey, { kid, state: 'next' }, { state: 'retired' });
      if (affected === 0) return;
      await manager.update(SigningKey, { state: 'active' }, { state: 'retired', retiredAtMs });
      await manager.update(SigningKey, { kid }, { state: 'active' });
    });
  }

  private async pairOf({ encryptedPrivateJwk }: SigningKey): Promise<KeyPair> {
    return keyPairOf(JSON.parse(await this.vault.decrypt(PURPOSE, encryptedPrivateJwk)) as JWK);
  }

  private async make(state: SigningKey['state']): Promise<NewKey> {
    const privateJwk = await makePrivateJwk();
    const { kid, publicJwk } = await keyPairOf(privateJwk);
    const encryptedPrivateJwk = await this.vault.encrypt(PURPOSE, JSON.stringify(privateJwk));
    const createdAtMs = this.clock.nowMs();
    const algorithm = SIGNING_ALGORITHM;
    return { kid, algorithm, publicJwk: JSON.stringify(publicJwk), encryptedPrivateJwk, state, createdAtMs };
  }

  /** What was retired before has signed nothing that is still good; after a jump of the clock that is so much later. */
  private keptFromMs(): number {
    const lifeMs = this.config.auth.accessTokenTtlSeconds * 1000;
    return this.clock.nowMs() - lifeMs - this.clock.doubtMs(lifeMs) - RETIRED_MARGIN_MS;
  }

  private async add(row: NewKey): Promise<void> {
    await this.transactions.run((manager) => this.insert(manager, row));
  }

  private async insert(manager: EntityManager, row: NewKey): Promise<void> {
    await manager.createQueryBuilder().insert().into(SigningKey).values(row).orIgnore().updateEntity(false).execute();
  }
}

type NewKey = Omit<SigningKey, 'signsFromMs' | 'retiredAtMs'>;
