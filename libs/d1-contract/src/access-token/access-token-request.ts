import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsNotEmpty, IsOptional, Matches } from 'class-validator';
import { OAuthErrorCode } from '../error-codes.js';
import { Scope } from '../scopes.js';

export const CLIENT_CREDENTIALS = 'client_credentials';

/** RFC 6749, section 3.3: space-delimited scope-tokens of printable ASCII without `"` and `\`. */
export const SCOPE_PATTERN = /^[\x21\x23-\x5B\x5D-\x7E]+( [\x21\x23-\x5B\x5D-\x7E]+)*$/;

/**
 * The form of a client credentials request (RFC 6749, section 4.4.2). Unknown parameters are ignored.
 * A rule's `context.error` is the RFC 6749 error that its violation answers.
 */
export class AccessTokenRequest {
  @ApiProperty({ enum: [CLIENT_CREDENTIALS], description: 'The only grant there is.' })
  @IsIn([CLIENT_CREDENTIALS], {
    message: 'grant_type is not client_credentials',
    context: { error: OAuthErrorCode.UnsupportedGrantType },
  })
  @IsNotEmpty({ message: 'grant_type is missing', context: { error: OAuthErrorCode.InvalidRequest } })
  grant_type!: string;

  @ApiPropertyOptional({
    type: String,
    pattern: SCOPE_PATTERN.source,
    description: 'Space-delimited. Without it, all scopes of the client are granted.',
    example: Scope.Notify,
  })
  @IsOptional()
  @Matches(SCOPE_PATTERN, { message: 'scope is malformed', context: { error: OAuthErrorCode.InvalidScope } })
  scope?: string;
}
