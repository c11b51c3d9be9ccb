import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Scope } from '@gateway/d1-contract';
import type { FastifyRequest } from 'fastify';
import { BearerAuthenticator } from './access-tokens/bearer-authenticator.js';
import { setCaller } from './access-tokens/caller.js';

/** Lets operators in: clients whose access token is for operating the gateway. */
@Injectable()
export class OperatorGuard implements CanActivate {
  constructor(private readonly bearer: BearerAuthenticator) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    setCaller(request, await this.bearer.authenticate(request.headers.authorization, Scope.Operate));
    return true;
  }
}
