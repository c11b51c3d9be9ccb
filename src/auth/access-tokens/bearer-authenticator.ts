import { Injectable } from '@nestjs/common';
import type { Scope } from '@gateway/d1-contract';
import { Unauthorized } from '../auth-errors.js';
import { ClientDirectory } from '../clients/client-directory.js';
import { AccessTokenVerifier } from './access-token-verifier.js';
import type { Caller } from './caller.js';

/** RFC 6750, section 2.1; the scheme in any case (RFC 9110, section 11.1). */
const BEARER = /^bearer +([A-Za-z0-9._~+/-]+=*) *$/i;

/** Proves a caller by its access token. */
@Injectable()
export class BearerAuthenticator {
  constructor(
    private readonly verifier: AccessTokenVerifier,
    private readonly clients: ClientDirectory,
  ) {}

  /** @throws Unauthorized where the header holds no valid access token of an enabled client with that scope */
  async authenticate(authorization: string | undefined, scope: Scope): Promise<Caller> {
    const accessToken = BEARER.exec(authorization ?? '')?.[1];
    if (accessToken === undefined) throw new Unauthorized('invalid_token', { detail: 'No bearer token' });
    const verified = await this.verifier.verify(accessToken);
    const client = await this.clients.find(verified.clientId);
    if (!client) throw new Unauthorized('invalid_token', { detail: 'The client is disabled or gone' });
    // A scope taken from a client since is gone from its access tokens, too.
    if (!verified.scopes.includes(scope) || !client.scopes.includes(scope)) {
      throw new Unauthorized('insufficient_scope', { detail: `Lacks ${scope}` });
    }
    return { clientId: client.clientId, merchantGateways: client.merchantGateways };
  }
}
