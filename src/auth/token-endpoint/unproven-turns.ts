// What a flood of guesses costs is not the hashing alone, which is bounded, but the way through the framework to each
// refusal: a hundred that come at once held the intake up for 0.3 s, and 250 a second took half of its core.
import { Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import type { IncomingMessage } from 'node:http';
import { ClientAuthenticator, type ClientCredentials } from '../clients/client-authenticator.js';
import type { KnownClient } from '../clients/client-directory.js';
import { FairLane } from '../secret-hashing/fair-lane.js';
import { parseBasicAuthorization } from './basic-credentials.js';

/** Between those whose address comes for the first time in a minute: they may be anybody. */
const FIRST_REST_MS = 4;
/** More than 25 others a second are none that anybody needs; 50 took a sixth of the core of the intake. */
const REST_MS = 40;
const FORGOTTEN_AFTER_MS = 60_000;
const MAX_ADDRESSES = 10_000;

const PROVEN = Symbol('proven');
type ProvenRequest = IncomingMessage & { [PROVEN]?: KnownClient };

/** The client whose credentials were found right before the framework got the request. */
export function provenClient(request: IncomingMessage): KnownClient | undefined {
  return (request as ProvenRequest)[PROVEN];
}

/**
 * Lets in one after the other, addresses in turn, those who come with client credentials that have not proved right lately. Whoever
 * has, as D1 nearly always, waits for none of them, and so does whoever is proven right while he waits. An address that comes for
 * the first time waits for others of that kind alone.
 */
@Injectable()
export class UnprovenTurns implements BeforeApplicationShutdown {
  private readonly first = new PacedLane(FIRST_REST_MS);
  private readonly others = new PacedLane(REST_MS);
  /** Addresses that have come lately. */
  private readonly seen = new LRUCache<string, true>({ max: MAX_ADDRESSES, ttl: FORGOTTEN_AFTER_MS });

  constructor(private readonly authenticator: ClientAuthenticator) {}

  /** Who waits is let in without a rest: the server closes after that. */
  beforeApplicationShutdown(): void {
    this.first.restNoMore();
    this.others.restNoMore();
  }

  /** Whether the request has to wait for its turn: it has credentials, and nothing says yet that they are right. */
  mustWait(request: IncomingMessage): boolean {
    const readings = readingsOf(request);
    if (readings.length === 0) return false;
    return !readings.some((reading) => isProven(request, this.authenticator.recognise(reading)));
  }

  /** @param enter called when its turn has come */
  wait(address: string, request: IncomingMessage, enter: () => void): void {
    const lane = this.seen.has(address) ? this.others : this.first;
    this.seen.set(address, true);
    let isIn = false;
    const letIn = (): void => {
      isIn = true;
      enter();
    };
    lane.inTurn(address, () => {
      if (isIn || request.socket.destroyed) return false;
      const isUnproven = this.mustWait(request);
      letIn();
      return isUnproven;
    });
    // Beside the waiting and not before it: a look that is taken for known clients alone would show in the time of a refusal.
    void this.isRecalled(request).then((isRight) => {
      if (isRight && !isIn && !request.socket.destroyed) letIn();
    });
  }

  private async isRecalled(request: IncomingMessage): Promise<boolean> {
    try {
      for (const reading of readingsOf(request)) {
        if (isProven(request, await this.authenticator.recall(reading))) return true;
      }
    } catch {
      // Where the database is away, its turn comes as for all others, and the answer says so.
    }
    return false;
  }
}

function readingsOf({ headers }: IncomingMessage): readonly ClientCredentials[] {
  const parsed = parseBasicAuthorization(headers.authorization);
  return parsed.kind === 'basic' ? parsed.readings : [];
}

function isProven(request: IncomingMessage, client: KnownClient | undefined): boolean {
  if (client) (request as ProvenRequest)[PROVEN] = client;
  return client !== undefined;
}

/** One after the other, with a rest after each that has made work. */
class PacedLane {
  private owedMs = 0;
  private readonly turns = new FairLane(() => this.owedMs);

  constructor(private readonly restMs: number) {}

  inTurn(address: string, enter: () => boolean): void {
    void this.turns.run(address, async () => {
      this.owedMs = enter() ? this.restMs : 0;
    });
  }

  restNoMore(): void {
    this.turns.restNoMore();
  }
}
