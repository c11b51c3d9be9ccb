import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { createHmac, randomBytes } from 'node:crypto';
import { Clock } from '../../clock/clock.js';
import { HashingBusy } from '../auth-errors.js';
import { SecretHasher } from '../secret-hashing/secret-hasher.js';
import { SlowHash, type Guesser } from '../secret-hashing/slow-hash.js';
import { ClientDirectory, type KnownClient } from './client-directory.js';
import { SecretUses } from './secret-uses.js';
import { untilElapsed } from './until-elapsed.js';

export interface ClientCredentials {
  readonly clientId: string;
  readonly clientSecret: string;
}

type KnownSecret = KnownClient['secrets'][number];

/** A secret that was not used for so long is hashed once more. */
const PROOF_TTL_MS = 3_600_000;
const MAX_PROOFS = 1000;
/** No refusal is answered sooner: it covers what looking up a known client saves over an unknown one. */
const REFUSAL_MS = 100;
/** Nor this one: told sooner, a flood would ask again sooner, and take from the intake what that costs. */
const BUSY_REFUSAL_MS = 500;

/**
 * Tells whether credentials are right. For wrong ones it does the same work and takes the same time whether the client
 * is unknown, disabled, or known with another secret.
 */
@Injectable()
export class ClientAuthenticator {
  /** Proofs of checks that succeeded, so that the right client pays for one only now and then. */
  private readonly proven = new LRUCache<string, true>({ max: MAX_PROOFS, ttl: PROOF_TTL_MS, updateAgeOnHas: true });
  /** Whose they are, by client id. */
  private readonly provenClients = new LRUCache<string, true>({ max: MAX_PROOFS, ttl: PROOF_TTL_MS });
  private readonly proofKey = randomBytes(32);
  /** What is being checked, by address and credentials. */
  private readonly underway = new Map<string, Promise<KnownClient | undefined>>();

  constructor(
    private readonly directory: ClientDirectory,
    private readonly hasher: SecretHasher,
    private readonly slowHash: SlowHash,
    private readonly uses: SecretUses,
    private readonly clock: Clock,
  ) {}

  /**
   * The client whose credentials were found right lately, as D1's nearly always were: at once, and for the price of one
   * keyed hash. Undefined says nothing.
   */
  recognise(credentials: ClientCredentials): KnownClient | undefined {
    return this.recogniseAs(this.directory.remembered(credentials.clientId), credentials);
  }

  /**
   * As `recognise`, of a client that was looked up too long ago to be remembered, as D1 is, which comes once in the life of
   * an access token. Only those who have proved right are looked up for it.
   */
  async recall(credentials: ClientCredentials): Promise<KnownClient | undefined> {
    if (!this.provenClients.has(credentials.clientId)) return undefined;
    return this.recogniseAs(await this.directory.find(credentials.clientId), credentials);
  }

  private recogniseAs(client: KnownClient | undefined, { clientSecret }: ClientCredentials): KnownClient | undefined {
    const secret = client?.secrets.find((hashed) => this.isValid(hashed) && this.isProven(hashed, clientSecret));
    if (!client || !secret) return undefined;
    // As long as its proof: by the right secret alone, and not by a guess.
    this.provenClients.set(client.clientId, true);
    this.uses.note(secret.id);
    return client;
  }

  /**
   * @returns the client, or undefined where the credentials are not those of an enabled client
   * @throws HashingBusy where too many others are being checked already, of the address or of all
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
        if (same && error instanceof HashingBusy) return same;
        throw error;
      });
      if (client) {
        this.provenClients.set(client.clientId, true);
        return client;
      }
    } catch (error) {
      await untilElapsed(error instanceof HashingBusy ? BUSY_REFUSAL_MS : REFUSAL_MS, startedMs);
      throw error;
    } finally {
      if (!same) this.underway.delete(key);
    }
    await untilElapsed(REFUSAL_MS, startedMs);
    return undefined;
  }

  private async find(
    { clientId, clientSecret }: ClientCredentials,
    guesser: Guesser,
  ): Promise<KnownClient | undefined> {
    const startedMs = performance.now();
    const remembered = await this.directory.find(clientId);
    const first = await this.check(remembered?.secrets ?? [], clientSecret, guesser);
    if (first.matched) return remembered;
    // The right client's secret may be one of a moment ago, made by another process: before it is refused, the database says.
    const client = await this.directory.findSince(clientId, startedMs);
    const known = new Set(remembered?.secrets.map(({ id }) => id));
    const added = client?.secrets.filter(({ id }) => !known.has(id)) ?? [];
    const second = await this.check(added, clientSecret, guesser);
    if (second.matched) return client;
    if (!first.slow && !second.slow && (await this.directory.hasChosenSecrets()))
      await this.slowHash.decoy(clientSecret, guesser);
    return undefined;
  }

  private async check(
    secrets: readonly KnownSecret[],
    secret: string,
    guesser: Guesser,
  ): Promise<{ matched: boolean; slow: boolean }> {
    let slow = false;
    for (const hashed of quickFirst(secrets)) {
      if (!this.isValid(hashed)) continue;
      if (this.isProven(hashed, secret)) return this.matched(hashed.id, slow);
      slow ||= hashed.kind === 'chosen';
      if (await this.hasher.matches(secret, hashed, guesser)) {
        this.proven.set(this.proofOf(hashed, secret), true);
        return this.matched(hashed.id, slow);
      }
    }
    return { matched: false, slow };
  }

  private isValid({ expiresAtMs }: KnownSecret): boolean {
    return expiresAtMs === null || expiresAtMs > this.clock.nowMs();
  }

  private isProven(hashed: KnownSecret, secret: string): boolean {
    return this.proven.has(this.proofOf(hashed, secret));
  }

  private matched(secretId: string, slow: boolean): { matched: true; slow: boolean } {
    this.uses.note(secretId);
    return { matched: true, slow };
  }

  private proofOf({ id, hash }: KnownSecret, secret: string): string {
    return this.hmac(`${id}\n${hash}\n${secret}`);
  }

  private hmac(text: string): string {
    return createHmac('sha256', this.proofKey).update(text).digest('base64url');
  }
}

/** Whoever was given a generated secret in place of a chosen one waits for no slow hash. */
function quickFirst(secrets: readonly KnownSecret[]): readonly KnownSecret[] {
  return secrets.toSorted((one, other) => Number(one.kind === 'chosen') - Number(other.kind === 'chosen'));
}
