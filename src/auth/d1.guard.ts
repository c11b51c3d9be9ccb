import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Scope } from '@gateway/d1-contract';
import type { FastifyRequest } from 'fastify';
import type { TLSSocket } from 'node:tls';
import { GatewayConfig } from '../config/gateway-config.js';
import { BearerAuthenticator } from './access-tokens/bearer-authenticator.js';
import { setCaller, type Caller } from './access-tokens/caller.js';
import { Unauthorized } from './auth-errors.js';

/** Proved by certificate or network: it may act for every merchant gateway of this deployment. */
const UNNAMED: Caller = { clientId: null, merchantGateways: 'all' };

/** Lets D1 in, by what `D1_AUTHENTICATION` asks for. */
@Injectable()
export class D1Guard implements CanActivate {
  private readonly wantsCertificate: boolean;
  private readonly wantsAccessToken: boolean;

  constructor(
    { auth }: GatewayConfig,
    private readonly bearer: BearerAuthenticator,
  ) {
    this.wantsCertificate = auth.d1Authentication.includes('mtls');
    this.wantsAccessToken = auth.d1Authentication.includes('oauth');
  }

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    if (this.wantsCertificate && !hasTrustedCertificate(request)) {
      throw new Unauthorized('invalid_token', { detail: 'No client certificate, or none that is trusted' });
    }
    const caller = this.wantsAccessToken
      ? await this.bearer.authenticate(request.headers.authorization, Scope.Notify)
      : UNNAMED;
    setCaller(request, caller);
    return true;
  }
}

/**
 * The certificate itself is asked for, too: a TLS 1.3 session that was begun without one and is then resumed counts as
 * verified for OpenSSL, and so node says `authorized` of a caller that has never shown a certificate.
 */
function hasTrustedCertificate({ raw }: FastifyRequest): boolean {
  const socket = raw.socket as Partial<TLSSocket>;
  return socket.authorized === true && socket.getPeerX509Certificate?.() !== undefined;
}
