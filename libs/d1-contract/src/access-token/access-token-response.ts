import { ApiProperty } from '@nestjs/swagger';
import { Scope } from '../scopes.js';

/** Answer to a client credentials request. */
export class AccessTokenResponse {
  @ApiProperty({
    type: String,
    description: 'A signed JWT of type `at+jwt` (RFC 9068).',
    example: 'eyJ0eXAiOiJhdCtqd3QiLCJhbGciOiJFUzI1NiJ9.e30.c2ln',
  })
  access_token!: string;

  @ApiProperty({ enum: ['Bearer'] })
  token_type!: 'Bearer';

  @ApiProperty({ type: 'integer', minimum: 0, description: 'Seconds that remain until it expires.', example: 900 })
  expires_in!: number;

  @ApiProperty({
    type: String,
    format: 'date-time',
    description: 'When it expires: ISO 8601, UTC, with milliseconds.',
    example: '2023-06-06T05:05:59.711Z',
  })
  expires_at!: string;

  @ApiProperty({ type: String, description: 'The scopes that were granted, space-delimited.', example: Scope.Notify })
  scope!: string;
}
