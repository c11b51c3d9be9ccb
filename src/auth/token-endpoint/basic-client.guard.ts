import { Injectable, type ExecutionContext } from '@nestjs/common';
import { AuthGuard } from '@nestjs/passport';
import type { FastifyRequest } from 'fastify';
import { addressKey } from '../../http/address-key.js';
import { FieldInvalidFormat } from '../../errors/common-errors.js';
import { AddressBusy, InvalidClient, TooManyGuesses } from '../auth-errors.js';
import { ClientAuthenticator, type ClientCredentials } from '../clients/client-authenticator.js';
import type { KnownClient } from '../clients/client-directory.js';
import type { Guesser } from '../secret-hashing/slow-hash.js';
import { BASIC_STRATEGY, normalise, type NormalisedRequest } from './basic.strategy.js';
import { guessedClient, parseBasicAuthorization } from './basic-credentials.js';
import { GuessThrottle } from '../guessing/guess-throttle.js';
import { provenClient } from './unproven-turns.js';

const authenticated = new WeakMap<FastifyRequest, KnownClient>();

/** The client that `BasicClientGuard` let in. */
export function authenticatedClient(context: ExecutionContext): KnownClient {
  const client = authenticated.get(requestOf(context));
  if (!client) throw new Error('The route has no BasicClientGuard');
  return client;
}

/** Lets a client in by HTTP Basic credentials, through passport-http. */
@Injectable()
export class BasicClientGuard extends AuthGuard(BASIC_STRATEGY) {
  constructor(
    private readonly authenticator: ClientAuthenticator,
    private readonly throttle: GuessThrottle,
  ) {
    super();
  }

  override async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = requestOf(context);
    const parsed = parseBasicAuthorization(request.headers.authorization);
    if (parsed.kind === 'absent') throw new InvalidClient({ detail: 'No Basic credentials' });
    if (parsed.kind === 'malformed') throw new FieldInvalidFormat(parsed.reason);
    // Whom passport has let in lately is let in by the proof that was kept of it: passport alone is a third of an answer.
    const client = provenClient(request.raw) ?? (await this.firstOf(parsed.readings, context));
    if (client) {
      authenticated.set(request, client);
      return true;
    }
    // Only after the credentials proved wrong: the right client never waits for somebody else's guesses.
    await this.throttle.countFailure(addressKey(request.ip), guessedClient(parsed.readings));
    throw new InvalidClient({ detail: 'Wrong credentials' });
  }

  private async firstOf(
    readings: readonly ClientCredentials[],
    context: ExecutionContext,
  ): Promise<KnownClient | undefined> {
    const address = addressKey(requestOf(context).ip);
    const guesser = { address, standing: () => this.throttle.standing(address, guessedClient(readings)) };
    try {
      for (const reading of readings) {
        const client = await this.ask(reading, guesser, context);
        if (client) return client;
      }
    } catch (error) {
      if (error instanceof AddressBusy) await this.countUnchecked(address, readings);
      throw error;
    }
    return undefined;
  }

  /** One more of those that keep the address busy; but it may be the right one, which must not be told that it guesses. */
  private async countUnchecked(address: string, readings: readonly ClientCredentials[]): Promise<void> {
    try {
      await this.throttle.countFailure(address, guessedClient(readings));
    } catch (error) {
      if (!(error instanceof TooManyGuesses)) throw error;
    }
  }

  private async ask(
    reading: ClientCredentials,
    guesser: Guesser,
    context: ExecutionContext,
  ): Promise<KnownClient | false> {
    const normalised = normalise(reading, this.authenticator, guesser);
    const passportContext = Object.create(context, {
      switchToHttp: { value: () => httpOf(normalised) },
    }) as ExecutionContext;
    await super.canActivate(passportContext);
    return (normalised as NormalisedRequest & { user: KnownClient | false }).user;
  }

  // Wrong credentials are a value here, not an exception: there may be another reading to try.
  override handleRequest<T>(error: unknown, user: T): T {
    if (error) throw error;
    return user;
  }
}

function requestOf(context: ExecutionContext): FastifyRequest {
  return context.switchToHttp().getRequest<FastifyRequest>();
}

function httpOf(request: NormalisedRequest): object {
  return { getRequest: () => request, getResponse: () => ({}) };
}
