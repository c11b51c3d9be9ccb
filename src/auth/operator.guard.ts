import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Scope } from '@gateway/d1-contract';
import type { FastifyRequest } from 'fastify';
import { BearerAuthenticator } from './access-tokens/bearer-authenticator.js';
import { setCaller } from './access-tokens/caller.js';
import { assertBinding } from './certificates/assert-binding.js';
import { ClientCertificates } from './certificates/client-certificates.js';

/** Lets operators in: clients whose access token is for operating the gateway or, for what changes nothing, for reading. */
@Injectable()
export class OperatorGuard implements CanActivate {
  constructor(
    private readonly bearer: BearerAuthenticator,
    private readonly certificates: ClientCertificates,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const anyOf = READING.has(request.method) ? [Scope.Operate, Scope.Read] : [Scope.Operate];
    const caller = await this.bearer.authenticate(request.headers.authorization, ...anyOf);
    assertBinding(caller, request, this.certificates);
    setCaller(request, caller);
    return true;
  }
}

const READING = new Set(['GET', 'HEAD']);
