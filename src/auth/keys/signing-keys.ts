import { Injectable, Logger, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import type { CryptoKey, JSONWebKeySet, JWK } from 'jose';
import { setTimeout as wait } from 'node:timers/promises';
import { Clock } from '../../clock/clock.js';
import { SigningKeyFile } from './signing-key-file.js';
import { describeCause } from '../../http/log-error.js';
import { SigningKeyStore, type StoredKeys } from './signing-key.store.js';
import { importPublicKey, type KeyPair } from './key-pair.js';

/** How long the JWK Set is told without looking for keys that other instances have made. */
const RELOAD_INTERVAL_MS = 5000;

/** The most often that unknown `kid`s make an instance look for them, and the longest that one of them waits for that. */
const LOOK_INTERVAL_MS = 1000;

/** How often an instance looks for what others have done with the keys. */
const LOOK_AGAIN_MS = 30_000;

/**
 * How long a key is published before it signs: longer than any instance goes without looking, and than the minute for
 * which others may remember the JWK Set.
 */
export const PUBLISHED_MS = 120_000;

/** The keys of this gateway: one to sign with, and all that its access tokens may still be signed with. */
@Injectable()
export class SigningKeys implements OnModuleInit, OnApplicationShutdown {
  private readonly logger = new Logger(SigningKeys.name);
  private next: StoredKeys['next'];
  private timer: NodeJS.Timeout | undefined;
  private activePair!: KeyPair;
  private publicJwks = new Map<string, JWK>();
  private verificationKeys = new Map<string, Promise<CryptoKey>>();
  private loadedAtMs = Number.NEGATIVE_INFINITY;
  private reloading: Promise<void> | undefined;
  private nextLook: Promise<void> | undefined;
  /** By the monotonic clock, as it is waited for. */
  private lookedAtMs = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly store: SigningKeyStore,
    private readonly file: SigningKeyFile,
    private readonly clock: Clock,
  ) {}

  async onModuleInit(): Promise<void> {
    await this.store.ensureActive();
    await this.reload();
    this.timer = setInterval(() => void this.look().catch((error: unknown) => this.report(error)), LOOK_AGAIN_MS);
  }

  onApplicationShutdown(): void {
    clearInterval(this.timer);
  }

  active(): KeyPair {
    const { next } = this;
    if (next && this.clock.nowMs() >= next.signsFromMs) this.promote(next.pair);
    return this.activePair;
  }

  /** Whether the key to sign with is given by a file, and so is none that could be rotated here. */
  async isFromFile(): Promise<boolean> {
    return (await this.file.load()) !== undefined;
  }

  /** Loads what there is: to be called, too, once a key that is to sign next has been committed. */
  async refresh(): Promise<void> {
    await this.look();
  }

  /** It was made known long enough ago; the database is told, and nobody waits for that. */
  private promote(pair: KeyPair): void {
    this.next = undefined;
    this.activePair = pair;
    void this.store.promote(pair.kid).catch((error: unknown) => this.report(error));
  }

  private report(error: unknown): void {
    this.logger.error({ msg: 'Signing keys were not brought up to date', cause: describeCause(error) });
  }

  /** @returns the public key, or undefined where this gateway has no such key */
  async verificationKey(kid: string): Promise<CryptoKey | undefined> {
    if (!this.publicJwks.has(kid)) await this.look();
    const jwk = this.publicJwks.get(kid);
    if (!jwk) return undefined;
    const imported = this.verificationKeys.get(kid) ?? importPublicKey(jwk);
    this.verificationKeys.set(kid, imported);
    return imported;
  }

  /** RFC 7517, section 5. */
  async jwks(): Promise<JSONWebKeySet> {
    if (this.clock.nowMs() - this.loadedAtMs >= RELOAD_INTERVAL_MS) await this.reload();
    return { keys: [...this.publicJwks.values()] };
  }

  /** Loads what there is from now on at the earliest: one that has begun may have missed the key that is looked for. */
  private look(): Promise<void> {
    this.nextLook ??= this.lookInTurn();
    return this.nextLook;
  }

  private async lookInTurn(): Promise<void> {
    await wait(Math.max(0, this.lookedAtMs + LOOK_INTERVAL_MS - performance.now()));
    await this.reloading?.catch(() => undefined);
    this.lookedAtMs = performance.now();
    // Whoever comes from here on takes the next one.
    this.nextLook = undefined;
    await this.reload();
  }

  /** One at a time, for all who want it meanwhile. */
  private reload(): Promise<void> {
    this.reloading ??= this.load().finally(() => {
      this.reloading = undefined;
    });
    return this.reloading;
  }

  private async load(): Promise<void> {
    const stored = await this.store.load();
    const fromFile = await this.file.load();
    const publicJwks = new Map(stored.publicJwks.map((jwk) => [jwk.kid ?? '', jwk]));
    if (fromFile && !publicJwks.has(fromFile.kid)) {
      // Before it signs anything, so that it is known everywhere what it signed.
      await this.store.keepPublic(fromFile);
      publicJwks.set(fromFile.kid, fromFile.publicJwk);
    }
    this.activePair = fromFile ?? stored.active;
    this.next = fromFile ? undefined : stored.next;
    this.publicJwks = publicJwks;
    this.loadedAtMs = this.clock.nowMs();
  }
}
