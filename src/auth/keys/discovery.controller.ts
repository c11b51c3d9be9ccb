import { Controller, Get, Header } from '@nestjs/common';
import { INTROSPECTION_PATH, REVOCATION_PATH, SCOPES } from '@gateway/d1-contract';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { JSONWebKeySet } from 'jose';
import { GatewayConfig } from '../../config/gateway-config.js';
import { AuthorizationServerMetadata, JwksDocument } from './discovery.documents.js';
import { SigningKeys } from './signing-keys.js';

/** What a verifier of access tokens needs to know. */
@Controller('.well-known')
@ApiTags('discovery')
export class DiscoveryController {
  constructor(
    private readonly keys: SigningKeys,
    private readonly config: GatewayConfig,
  ) {}

  @Get('jwks.json')
  @Header('Cache-Control', 'public, max-age=60')
  @ApiOperation({
    operationId: 'getJwks',
    summary: 'Keys that access tokens are signed with',
    description: 'JWK Set (RFC 7517, section 5).',
    security: [],
  })
  @ApiOkResponse({ type: JwksDocument, description: 'The public keys.' })
  jwks(): Promise<JSONWebKeySet> {
    return this.keys.jwks();
  }

  @Get('oauth-authorization-server')
  @Header('Cache-Control', 'public, max-age=60')
  @ApiOperation({
    operationId: 'getAuthorizationServerMetadata',
    summary: 'Authorization server metadata',
    description: 'RFC 8414.',
    security: [],
  })
  @ApiOkResponse({ type: AuthorizationServerMetadata, description: 'The metadata.' })
  metadata(): AuthorizationServerMetadata {
    const { server, auth } = this.config;
    return {
      issuer: server.publicUrl,
      token_endpoint: server.publicUrl + auth.tokenPath,
      jwks_uri: `${server.publicUrl}/.well-known/jwks.json`,
      grant_types_supported: ['client_credentials'],
      response_types_supported: [],
      token_endpoint_auth_methods_supported: ['client_secret_basic'],
      revocation_endpoint: server.publicUrl + REVOCATION_PATH,
      revocation_endpoint_auth_methods_supported: ['client_secret_basic'],
      introspection_endpoint: server.publicUrl + INTROSPECTION_PATH,
      scopes_supported: [...SCOPES],
    };
  }
}
