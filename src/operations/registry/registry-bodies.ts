// What the registry is told and tells, as DTOs: rules and documentation in one place.
import { MERCHANT_GATEWAY_ID, MERCHANT_ID, TOKEN_ID } from '@gateway/d1-contract';
import { applyDecorators } from '@nestjs/common';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, Length } from 'class-validator';
import { GATEWAY_AUTHENTICATIONS, type GatewayAuthentication } from '../../auth/gateway-authentications.js';
import { DELIVERY_MODES, type DeliveryMode } from '../../registry/entities/merchant.entity.js';
import { IfGiven, IsOptionalOneOf } from '../http/request-fields.js';
import { ApiIdentifier, ApiNullable, ApiTime } from '../http/response-fields.js';

const IsName = (example: string): PropertyDecorator =>
  applyDecorators(
    ApiProperty({ type: String, minLength: 1, maxLength: 200, description: 'For people.', example }),
    Length(1, 200, { message: '$property must be a text of 1 to 200 characters' }),
  );

const NULLABLE_AUTHENTICATION = { oneOf: [{ type: 'string', enum: [...GATEWAY_AUTHENTICATIONS] }, { type: 'null' }] };

export class MerchantGatewayBody {
  @IsName('Example PSP')
  name!: string;

  @ApiPropertyOptional({
    ...NULLABLE_AUTHENTICATION,
    description: 'How D1 proves itself for it; null: as `D1_AUTHENTICATION` says. What is not given stays.',
    example: 'oauth',
  })
  @IfGiven()
  @IsIn([...GATEWAY_AUTHENTICATIONS, null], {
    message: `$property is not one of ${GATEWAY_AUTHENTICATIONS.join(', ')}`,
  })
  authentication?: GatewayAuthentication | null;
}

export class MerchantGatewayItem {
  @ApiIdentifier(MERCHANT_GATEWAY_ID)
  id!: string;

  @ApiProperty({ type: String, example: 'Example PSP' })
  name!: string;

  @ApiProperty({
    ...NULLABLE_AUTHENTICATION,
    description: 'How D1 proves itself for it; null: as `D1_AUTHENTICATION` says.',
    example: null,
  })
  authentication!: GatewayAuthentication | null;
}

export class MerchantBody {
  @IsName('Example shop')
  name!: string;

  @IsOptionalOneOf(DELIVERY_MODES, '`deferred` (default): D1 is answered at once. `relay`: D1 waits for the merchant.')
  deliveryMode?: DeliveryMode;
}

export class MerchantItem {
  @ApiIdentifier(MERCHANT_ID)
  id!: string;

  @ApiProperty({ type: String, example: 'Example shop' })
  name!: string;

  @ApiProperty({ enum: DELIVERY_MODES })
  deliveryMode!: DeliveryMode;
}

export class TokenItem {
  @ApiIdentifier(TOKEN_ID)
  id!: string;

  @ApiTime('When it was registered.')
  registeredAt!: string;
}

/** Of lists that are ordered by name. */
export abstract class NamePage<Item> {
  abstract items: readonly Item[];

  @ApiNullable(
    { type: 'string' },
    { description: '`cursor` of the next page; null on the last one.', example: 'TUdXXzAwMDAwMQ' },
  )
  nextCursor!: string | null;
}

export class MerchantGatewayPage extends NamePage<MerchantGatewayItem> {
  @ApiProperty({ type: [MerchantGatewayItem], description: 'In the order of their ids.' })
  items!: readonly MerchantGatewayItem[];
}

export class MerchantPage extends NamePage<MerchantItem> {
  @ApiProperty({ type: [MerchantItem], description: 'In the order of their ids.' })
  items!: readonly MerchantItem[];
}

export class TokenPage extends NamePage<TokenItem> {
  @ApiProperty({ type: [TokenItem], description: 'In the order of their ids.' })
  items!: readonly TokenItem[];
}
