import { Injectable } from '@nestjs/common';
import { PassportStrategy } from '@nestjs/passport';
import { BasicStrategy as PassportHttpStrategy } from 'passport-http';
import type { ClientAuthenticator, ClientCredentials } from '../clients/client-authenticator.js';
import type { Guesser } from '../secret-hashing/slow-hash.js';
import type { KnownClient } from '../clients/client-directory.js';

/**
 * What passport-http gets to see in place of the request: a header it cannot misread, who is to judge it, and who asks.
 *
 * It cuts a secret at its second colon, reads any bytes as text and tests the scheme loosely; so the real header is
 * parsed strictly before (`basic-credentials.ts`) and handed on with both parts percent-encoded. passport is one global
 * object that all applications of a process share; so the strategy holds nothing, and the judge travels along.
 */
export interface NormalisedRequest {
  readonly headers: { readonly authorization: string };
  readonly authenticator: ClientAuthenticator;
  readonly guesser: Guesser;
}

export const BASIC_STRATEGY = 'client-secret-basic';

@Injectable()
export class BasicStrategy extends PassportStrategy(PassportHttpStrategy, BASIC_STRATEGY) {
  constructor() {
    super({ passReqToCallback: true });
  }

  async validate(request: unknown, encodedId: string, encodedSecret: string): Promise<KnownClient | false> {
    const { authenticator, guesser } = request as NormalisedRequest;
    const credentials = {
      clientId: decodeURIComponent(encodedId),
      clientSecret: decodeURIComponent(encodedSecret),
    };
    return (await authenticator.authenticate(credentials, guesser)) ?? false;
  }
}

export function normalise(
  { clientId, clientSecret }: ClientCredentials,
  authenticator: ClientAuthenticator,
  guesser: Guesser,
): NormalisedRequest {
  const plain = `${encodeURIComponent(clientId)}:${encodeURIComponent(clientSecret)}`;
  return { headers: { authorization: `Basic ${Buffer.from(plain).toString('base64')}` }, authenticator, guesser };
}
