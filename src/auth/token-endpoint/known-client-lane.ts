// What D1 asks for nearly always: an access token, with credentials that were right within the hour. It is answered before the
// framework, whose routing, hooks, guards and pipes were half of such an answer. The parts that decide here (form, scopes, issuer)
// are the ordinary way's own, and whatever is wrong with a request goes that way, which alone says what. What is answered is held to
// be the same by test/contract/access-token/known-client-lane.spec.ts.
import { Injectable } from '@nestjs/common';
import type { AccessTokenResponse } from '@gateway/d1-contract';
import type { IncomingMessage } from 'node:http';
import { GatewayConfig } from '../../config/gateway-config.js';
import { hasBadHead } from '../../http/node-server.js';
import { AccessTokenIssuer } from '../access-tokens/access-token-issuer.js';
import type { KnownClient } from '../clients/client-directory.js';
import { GatewayAuthentications } from '../gateway-authentications.js';
import { accessTokenForm } from './access-token-form.pipe.js';
import { grantedScopes } from './granted-scopes.js';
import { provenClient } from './unproven-turns.js';

@Injectable()
export class KnownClientLane {
  private readonly path: string;

  constructor(
    { auth }: GatewayConfig,
    private readonly authentications: GatewayAuthentications,
    private readonly issuer: AccessTokenIssuer,
  ) {
    this.path = auth.tokenPath;
  }

  /** The client that asks, where it is known, and method, path and head are the usual ones. */
  recognise(request: IncomingMessage): KnownClient | undefined {
    if (request.method !== 'POST' || request.url !== this.path || hasBadHead(request)) return undefined;
    return this.authentications.bindsAccessTokens ? undefined : provenClient(request);
  }

  /** @throws where the answer is not 200; the form stays on the request, so that the ordinary way can still give it */
  async issue(request: IncomingMessage, { clientId, scopes }: KnownClient): Promise<AccessTokenResponse> {
    const { scope } = await accessTokenForm(request);
    // A form may take long to come, and the certificate to bind to is the ordinary way's to judge.
    if (this.authentications.bindsAccessTokens) throw new Error('Access tokens are bound since');
    return this.issuer.issue(clientId, grantedScopes(scope, scopes));
  }
}
