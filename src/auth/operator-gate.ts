import { Scope } from '@gateway/d1-contract';
import { Injectable } from '@nestjs/common';
import { addressKey } from '../http/address-key.js';
import { InvalidClient } from './auth-errors.js';
import { ClientAuthenticator } from './clients/client-authenticator.js';
import { GuessThrottle } from './guessing/guess-throttle.js';
import { guessedClient, parseBasicAuthorization } from './token-endpoint/basic-credentials.js';

/** Lets operators in by id and secret, for pages that a browser loads by itself and so without an access token. */
@Injectable()
export class OperatorGate {
  constructor(
    private readonly authenticator: ClientAuthenticator,
    private readonly throttle: GuessThrottle,
  ) {}

  /**
   * @param address counts as guessing when it is wrong
   * @throws InvalidClient where these are no credentials of an enabled client that may operate or read the gateway
   * @throws TooManyGuesses
   */
  async admit(authorization: string | undefined, address: string): Promise<void> {
    const parsed = parseBasicAuthorization(authorization);
    if (parsed.kind !== 'basic') throw new InvalidClient({ detail: 'No Basic credentials' });
    const key = addressKey(address);
    const clientId = guessedClient(parsed.readings);
    const guesser = { address: key, standing: () => this.throttle.standing(key, clientId) };
    for (const reading of parsed.readings) {
      const client = await this.authenticator.authenticate(reading, guesser);
      if (client?.scopes.some((scope) => OPERATORS.has(scope))) return;
      if (client) throw new InvalidClient({ detail: 'Not an operator' });
    }
    // Only after the credentials proved wrong: the right client never waits for somebody else's guesses.
    await this.throttle.countFailure(key, clientId);
    throw new InvalidClient({ detail: 'Wrong credentials' });
  }
}

const OPERATORS: ReadonlySet<string> = new Set<string>([Scope.Operate, Scope.Read]);
