import { ApiProperty } from '@nestjs/swagger';

/** A JWK Set (RFC 7517, section 5), as the OpenAPI document shows it. */
export class JwksDocument {
  @ApiProperty({ type: 'array', items: { type: 'object', additionalProperties: true } })
  keys!: object[];
}

/** Authorization server metadata (RFC 8414, section 2). */
export class AuthorizationServerMetadata {
  @ApiProperty({ type: String, format: 'uri' })
  issuer!: string;

  @ApiProperty({ type: String, format: 'uri' })
  token_endpoint!: string;

  @ApiProperty({ type: String, format: 'uri' })
  jwks_uri!: string;

  @ApiProperty({ type: [String] })
  grant_types_supported!: string[];

  @ApiProperty({ type: [String], description: 'Empty: there is no authorization endpoint.' })
  response_types_supported!: string[];

  @ApiProperty({ type: [String] })
  token_endpoint_auth_methods_supported!: string[];

  @ApiProperty({ type: String, format: 'uri' })
  revocation_endpoint!: string;

  @ApiProperty({ type: [String] })
  revocation_endpoint_auth_methods_supported!: string[];

  @ApiProperty({ type: String, format: 'uri', description: 'Asked with an access token of an operator.' })
  introspection_endpoint!: string;

  @ApiProperty({ type: [String] })
  scopes_supported!: string[];
}
