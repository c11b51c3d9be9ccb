import {
  Controller,
  createParamDecorator,
  HttpCode,
  Post,
  UseFilters,
  UseGuards,
  type ExecutionContext,
} from '@nestjs/common';
import { ApiRevokeToken, REVOCATION_PATH, TokenRequest } from '@gateway/d1-contract';
import type { FastifyRequest } from 'fastify';
import type { AuditActor } from '../../audit/audit-actor.js';
import { OAuthErrorFilter } from '../../http/filters/oauth-error.filter.js';
import { authenticatedClient, BasicClientGuard } from '../token-endpoint/basic-client.guard.js';
import type { TokenManager } from './manageable-tokens.js';
import { TokenForm } from './token-form.js';
import { TokenRevocation } from './token-revocation.js';

/** The client that was let in, and from where. */
const Revoker = createParamDecorator((_data: unknown, context: ExecutionContext): TokenManager & AuditActor => {
  const { ip, id } = context.switchToHttp().getRequest<FastifyRequest>();
  const { clientId, scopes, merchantGateways, isUnlimited } = authenticatedClient(context);
  return { clientId, scopes, merchantGateways, isUnlimited, remoteAddress: ip, correlationId: id };
});

/** Token revocation (RFC 7009). */
@Controller()
@UseFilters(OAuthErrorFilter)
export class RevocationController {
  constructor(private readonly revocation: TokenRevocation) {}

  @Post(REVOCATION_PATH)
  @HttpCode(200)
  @UseGuards(BasicClientGuard)
  @ApiRevokeToken()
  revoke(@Revoker() by: TokenManager & AuditActor, @TokenForm() { token }: TokenRequest): Promise<void> {
    return this.revocation.revoke(token, by);
  }
}
