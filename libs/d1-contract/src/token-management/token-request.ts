import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';

/** The form of a revocation (RFC 7009, section 2.1) or introspection (RFC 7662, section 2.1). */
export class TokenRequest {
  @ApiProperty({ type: String, description: 'The access token.', example: 'eyJhbGciOiJFUzI1NiJ9.e30.c2ln' })
  token!: string;

  @ApiPropertyOptional({ type: String, description: 'Not needed, and not looked at.', example: 'access_token' })
  token_type_hint?: string;
}
