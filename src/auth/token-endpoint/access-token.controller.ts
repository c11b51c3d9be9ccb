import {
  Controller,
  createParamDecorator,
  HttpCode,
  Post,
  Req,
  UseFilters,
  UseGuards,
  type ExecutionContext,
} from '@nestjs/common';
import {
  ACCESS_TOKEN_PATH,
  AccessTokenRequest,
  ApiGetAccessToken,
  type AccessTokenResponse,
} from '@gateway/d1-contract';
import { OAuthErrorFilter } from '../../http/filters/oauth-error.filter.js';
import type { FastifyRequest } from 'fastify';
import { CertificateBinding } from '../certificates/certificate-binding.js';
import { AccessTokenIssuer } from '../access-tokens/access-token-issuer.js';
import type { KnownClient } from '../clients/client-directory.js';
import { AccessTokenForm } from './access-token-form.pipe.js';
import { authenticatedClient, BasicClientGuard } from './basic-client.guard.js';
import { grantedScopes } from './granted-scopes.js';

const AuthenticatedClient = createParamDecorator((_data: unknown, context: ExecutionContext) =>
  authenticatedClient(context),
);

/** D1 gets its access token (RFC 6749, section 4.4). */
@Controller()
@UseFilters(OAuthErrorFilter)
export class AccessTokenController {
  constructor(
    private readonly issuer: AccessTokenIssuer,
    private readonly bindings: CertificateBinding,
  ) {}

  @Post(ACCESS_TOKEN_PATH)
  @HttpCode(200)
  @UseGuards(BasicClientGuard)
  @ApiGetAccessToken()
  getAccessToken(
    @AuthenticatedClient() client: KnownClient,
    @AccessTokenForm() request: AccessTokenRequest,
    @Req() raw: FastifyRequest,
  ): Promise<AccessTokenResponse> {
    return this.issuer.issue(client.clientId, grantedScopes(request.scope, client.scopes), this.bindings.of(raw));
  }
}
