import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { CryptoKey, JSONWebKeySet, JWK } from 'jose';
import { Clock } from '../../clock/clock.js';
import { SigningKeyFile } from './signing-key-file.js';
import { SigningKeyStore } from './signing-key.store.js';
import { importPublicKey, type KeyPair } from './key-pair.js';

/** The most often that an unknown `kid` makes an instance look for keys that another one has made. */
const RELOAD_INTERVAL_MS = 5000;

/** The keys of this gateway: one to sign with, and all that its access tokens may still be signed with. */
@Injectable()
export class SigningKeys implements OnModuleInit {
  private activePair!: KeyPair;
  private publicJwks = new Map<string, JWK>();
  private verificationKeys = new Map<string, Promise<CryptoKey>>();
  private loadedAtMs = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly store: SigningKeyStore,
    private readonly file: SigningKeyFile,
    private readonly clock: Clock,
  ) {}

  async onModuleInit(): Promise<void> {
    await this.store.ensureActive();
    await this.reload();
  }

  active(): KeyPair {
    return this.activePair;
  }

  /** @returns the public key, or undefined where this gateway has no such key */
  async verificationKey(kid: string): Promise<CryptoKey | undefined> {
    if (!this.publicJwks.has(kid) && this.clock.nowMs() - this.loadedAtMs >= RELOAD_INTERVAL_MS) await this.reload();
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

  private async reload(): Promise<void> {
    const stored = await this.store.load();
    const fromFile = await this.file.load();
    this.activePair = fromFile ?? stored.active;
    this.publicJwks = new Map(
      [...(fromFile ? [fromFile.publicJwk] : []), ...stored.publicJwks].map((jwk) => [jwk.kid ?? '', jwk]),
    );
    this.loadedAtMs = this.clock.nowMs();
  }
}
