import { MERCHANT_GATEWAY_ID } from '@gateway/d1-contract';
import { ApiPropertyOptional } from '@nestjs/swagger';
import { Length, Matches } from 'class-validator';
import { PageQuery } from '../http/page-query.js';
import { IfGiven, IsOptionalIdentifier, IsOptionalInstant } from '../http/request-fields.js';

export class AuditQuery extends PageQuery {
  @IsOptionalIdentifier(MERCHANT_GATEWAY_ID)
  merchantGatewayId?: string;

  @ApiPropertyOptional({ type: String, minLength: 1, maxLength: 128, description: 'The client that did it.' })
  @IfGiven()
  @Length(1, 128, { message: '$property must be a text of 1 to 128 characters' })
  clientId?: string;

  @ApiPropertyOptional({ type: String, pattern: '^[a-z-]+\\.[a-z-]+$', example: 'merchant.put' })
  @IfGiven()
  @Matches(/^[a-z-]+\.[a-z-]+$/, { message: '$property is not in the expected format' })
  action?: string;

  @IsOptionalInstant('Then or later.')
  from?: string;

  @IsOptionalInstant('Before.')
  to?: string;
}
