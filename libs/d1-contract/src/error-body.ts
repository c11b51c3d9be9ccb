import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { D1ErrorCode, OAuthErrorCode } from './error-codes.js';

/** Error body of "Notify token update". */
export class D1ErrorBody {
  @ApiPropertyOptional({
    enum: Object.values(D1ErrorCode),
    description: 'Present on 400, 404 and 500.',
    example: D1ErrorCode.FieldInvalidFormat,
  })
  errorCode?: D1ErrorCode;

  @ApiProperty({
    type: String,
    description: 'For people; may change.',
    example: 'merchantId is not in the expected format',
  })
  error!: string;
}

/** Error body of the token endpoint (RFC 6749, section 5.2), with D1's error code on 400. */
export class OAuthErrorBody {
  @ApiPropertyOptional({
    enum: [D1ErrorCode.FieldInvalidFormat],
    description: 'Present on 400.',
    example: D1ErrorCode.FieldInvalidFormat,
  })
  errorCode?: typeof D1ErrorCode.FieldInvalidFormat;

  @ApiProperty({ enum: Object.values(OAuthErrorCode), example: OAuthErrorCode.InvalidRequest })
  error!: OAuthErrorCode;

  @ApiPropertyOptional({
    type: String,
    description: 'For people: the first field at fault. May change.',
    example: 'grant_type is missing',
  })
  error_description?: string;
}
