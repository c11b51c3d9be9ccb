import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { createHmac, randomBytes } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { AddressBusy } from '../auth-errors.js';
import { SecretHasher } from '../secret-hashing/secret-hasher.js';
import { SlowHash, type Guesser } from '../secret-hashing/slow-hash.js';
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
  /** What is being checked, by address and credentials. */
  private readonly underway = new Map<string, Promise<KnownClient | undefined>>();

  constructor(
    private readonly directory: ClientDirectory,
    private readonly hasher: SecretHasher,
    private readonly slowHash: SlowHash,
  ) {}

  /**
   * @returns the client, or undefined where the credentials are not those of an enabled client
   * @throws AddressBusy where the address has too many others being checked already
   */
  async authenticate(credentials: ClientCredentials, guesser: Guesser): Promise<KnownClient | undefined> {
    const startedMs = performance.now();
    const key = this.hmac(JSON.stringify([guesser.address, credentials.clientId, credentials.clientSecret]));
    const found = this.find(credentials, guesser);
    const same = this.underway.get(key);
    if (!same) this.underway.set(key, found);
    try {
      const client = await found.catch((error: unknown) => {
        // A client that asks many times at once: what holds for the one holds for the others.
        if (same && error instanceof AddressBusy) return same;
        throw error;
      });
      if (client) return client;
    } catch (error) {
      await this.untilRefusal(startedMs);
      throw error;
    } finally {
      if (!same) this.underway.delete(key);
    }
    await this.untilRefusal(startedMs);
    return undefined;
  }

  private async untilRefusal(startedMs: number): Promise<void> {
    await wait(Math.max(0, REFUSAL_MS - (performance.now() - startedMs)));
  }

  private async find(
    { clientId, clientSecret }: ClientCredentials,
    guesser: Guesser,
  ): Promise<KnownClient | undefined> {
    const client = await this.directory.find(clientId);
    const check = client ? await this.check(client, clientSecret, guesser) : { matched: false, slow: false };
    if (client && check.matched) return client;
    if (!check.slow && (await this.directory.hasChosenSecrets())) await this.slowHash.decoy(clientSecret, guesser);
    return undefined;
  }

  private async check(
    client: KnownClient,
    secret: string,
    guesser: Guesser,
  ): Promise<{ matched: boolean; slow: boolean }> {
    let slow = false;
    for (const hashed of client.secrets) {
      const proof = this.proofOf(hashed.id, hashed.hash, secret);
      if (this.proven.has(proof)) return { matched: true, slow };
      slow ||= hashed.kind === 'chosen';
      if (await this.hasher.matches(secret, hashed, guesser)) {
        if (hashed.kind === 'chosen') this.proven.set(proof, true);
        return { matched: true, slow };
      }
    }
    return { matched: false, slow };
  }

  private proofOf(id: string, hash: string, secret: string): string {
    return this.hmac(`${id}\n${hash}\n${secret}`);
  }

  private hmac(text: string): string {
    return createHmac('sha256', this.proofKey).update(text).digest('base64url');
  }
}
