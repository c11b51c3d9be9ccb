import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { SCOPES } from '../scopes.js';

class Confirmation {
  @ApiProperty({ type: String, description: 'SHA-256 of the client certificate, base64url (RFC 8705, section 3.1).' })
  'x5t#S256'!: string;
}

/** What is known of an access token (RFC 7662, section 2.2). One that is not active has no other member. */
export class IntrospectionResponse {
  @ApiProperty({ type: Boolean })
  active!: boolean;

  @ApiPropertyOptional({ type: String, enum: ['Bearer'] })
  token_type?: 'Bearer';

  @ApiPropertyOptional({ type: String })
  client_id?: string;

  @ApiPropertyOptional({ type: String })
  sub?: string;

  @ApiPropertyOptional({ type: String, example: SCOPES[0] })
  scope?: string;

  @ApiPropertyOptional({ type: String })
  iss?: string;

  @ApiPropertyOptional({ type: String })
  aud?: string;

  @ApiPropertyOptional({ type: 'integer', description: 'Seconds since the epoch.' })
  iat?: number;

  @ApiPropertyOptional({ type: 'integer', description: 'Seconds since the epoch.' })
  exp?: number;

  @ApiPropertyOptional({ type: String })
  jti?: string;

  @ApiPropertyOptional({ type: Confirmation })
  cnf?: Confirmation;
}
