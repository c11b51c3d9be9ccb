import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Scope } from '@gateway/d1-contract';
import type { FastifyRequest } from 'fastify';
import { Unauthorized } from '../../auth/auth-errors.js';
import { BearerAuthenticator } from '../../auth/access-tokens/bearer-authenticator.js';
import { assertBinding } from '../../auth/certificates/assert-binding.js';
import { ClientCertificates } from '../../auth/certificates/client-certificates.js';
import { GatewayConfig } from '../../config/gateway-config.js';
import { NotFound } from '../../operations/operation-errors.js';

/** On the main port: for operators in production, for anybody elsewhere, for nobody where metrics have their own port. */
@Injectable()
export class MetricsGuard implements CanActivate {
  constructor(
    private readonly config: GatewayConfig,
    private readonly bearer: BearerAuthenticator,
    private readonly certificates: ClientCertificates,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    if (this.config.metrics) throw new NotFound('page');
    if (!this.config.production) return true;
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const caller = await this.bearer.authenticate(request.headers.authorization, Scope.Read, Scope.Operate);
    assertBinding(caller, request, this.certificates);
    // They name merchants whose receivers fail, and are of all merchant gateways.
    if (!caller.isUnlimited && caller.merchantGateways !== 'all' && caller.merchantGateways.size > 0)
      throw new Unauthorized('insufficient_scope', { detail: 'A client of some merchant gateways only' });
    return true;
  }
}
