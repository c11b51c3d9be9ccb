import { Controller, HttpCode, Post, UseFilters, UseGuards } from '@nestjs/common';
import {
  ApiIntrospectToken,
  INTROSPECTION_PATH,
  Scope,
  TokenRequest,
  type IntrospectionResponse,
} from '@gateway/d1-contract';
import { GatewayConfig } from '../../config/gateway-config.js';
import { OAuthErrorFilter } from '../../http/filters/oauth-error.filter.js';
import { CurrentCaller, type Caller } from '../access-tokens/caller.js';
import { OperatorGuard } from '../operator.guard.js';
import { ManageableTokens } from './manageable-tokens.js';
import { TokenForm } from './token-form.js';

/** Token introspection (RFC 7662), for operators. */
@Controller()
@UseFilters(OAuthErrorFilter)
export class IntrospectionController {
  constructor(
    private readonly tokens: ManageableTokens,
    private readonly config: GatewayConfig,
  ) {}

  @Post(INTROSPECTION_PATH)
  @HttpCode(200)
  @UseGuards(OperatorGuard)
  @ApiIntrospectToken()
  async introspect(
    @CurrentCaller() { clientId, merchantGateways, isUnlimited }: Caller,
    @TokenForm() { token: accessToken }: TokenRequest,
  ): Promise<IntrospectionResponse> {
    const token = await this.tokens.active(accessToken);
    const manager = { clientId: clientId ?? '', scopes: [Scope.Operate], merchantGateways, isUnlimited };
    // Of somebody else's nothing is told, be it active or not (section 2.2).
    if (!token || !(await this.tokens.isOf(token, manager))) return { active: false };
    const { server, auth } = this.config;
    return {
      active: true,
      token_type: 'Bearer',
      client_id: token.clientId,
      sub: token.clientId,
      scope: token.scopes.join(' '),
      iss: server.publicUrl,
      aud: auth.audience,
      iat: token.issuedAt,
      exp: token.expiresAtMs / 1000,
      jti: token.jti,
      ...(token.boundTo && { cnf: { 'x5t#S256': token.boundTo.thumbprint } }),
    };
  }
}
