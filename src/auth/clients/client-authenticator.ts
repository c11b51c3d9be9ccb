import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { createHmac, randomBytes } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { SecretHasher } from '../secret-hashing/secret-hasher.js';
import { SlowHash } from '../secret-hashing/slow-hash.js';
import { ClientDirectory, type KnownClient } from './client-directory.js';

export interface ClientCredentials {
  readonly clientId: string;
  readonly clientSecret: string;
}

/** No refusal is answered sooner: it covers what looking up a known client saves over an unknown one. */
const REFUSAL_MS = 100;

/**
 * Tells whether credentials are right. For wrong ones it does the same work and takes the same time whether the client
 * is unknown, disabled, or known with another secret.
 */
@Injectable()
export class ClientAuthenticator {
  /** Proofs of slow checks that succeeded, so that the right client pays for one only now and then. */
  private readonly proven = new LRUCache<string, true>({ max: 1000, ttl: 3_600_000 });
  private readonly proofKey = randomBytes(32);

  constructor(
    private readonly directory: ClientDirectory,
    private readonly hasher: SecretHasher,
    private readonly slowHash: SlowHash,
  ) {}

  /** @returns the client, or undefined where the credentials are not those of an enabled client */
  async authenticate(credentials: ClientCredentials): Promise<KnownClient | undefined> {
    const startedMs = performance.now();
    const client = await this.directory.find(credentials.clientId);
    const check = client ? await this.check(client, credentials.clientSecret) : { matched: false, slow: false };
    if (client && check.matched) return client;
    if (!check.slow && (await this.directory.hasChosenSecrets())) await this.slowHash.decoy(credentials.clientSecret);
    await wait(Math.max(0, REFUSAL_MS - (performance.now() - startedMs)));
    return undefined;
  }

  private async check(client: KnownClient, secret: string): Promise<{ matched: boolean; slow: boolean }> {
    let slow = false;
    for (const hashed of client.secrets) {
      const proof = this.proofOf(hashed.id, hashed.hash, secret);
      if (this.proven.has(proof)) return { matched: true, slow };
      slow ||= hashed.kind === 'chosen';
      if (await this.hasher.matches(secret, hashed)) {
        if (hashed.kind === 'chosen') this.proven.set(proof, true);
        return { matched: true, slow };
      }
    }
    return { matched: false, slow };
  }

  private proofOf(id: string, hash: string, secret: string): string {
    return createHmac('sha256', this.proofKey).update(`${id}\n${hash}\n${secret}`).digest('base64url');
  }
}
