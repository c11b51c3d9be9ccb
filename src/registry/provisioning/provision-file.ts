import { MERCHANT_GATEWAY_ID, MERCHANT_ID, SCOPES, TOKEN_ID, type Identifier } from '@gateway/d1-contract';
import { Type } from 'class-transformer';
import { IsArray, IsIn, IsOptional, IsString, Length, Matches, ValidateNested } from 'class-validator';

import { GATEWAY_AUTHENTICATIONS, type GatewayAuthentication } from '../../auth/gateway-authentications.js';
import { DELIVERY_MODES, type DeliveryMode } from '../entities/merchant.entity.js';
import { DestinationDeclaration } from './destination-declaration.js';
import { IsMerchantGatewayList } from './merchant-gateway-list.js';
import { IsSecretSource, type SecretSource } from './secret-source.js';

const CLIENT_ID = /^[\x21-\x39\x3B-\x7E]{1,128}$/;

/** In a list, `context.isValid` lets the error point at the first element at fault. */
const eachMatches = ({ name, pattern }: Identifier): PropertyDecorator =>
  Matches(pattern, {
    each: true,
    message: `is not a ${name}: ${pattern.source}`,
    context: { isValid: (value: unknown) => typeof value === 'string' && pattern.test(value) },
  });

const isIdentifier = ({ name, pattern }: Identifier): PropertyDecorator =>
  Matches(pattern, { message: `is not a ${name}: ${pattern.source}` });

class NamedDeclaration {
  @Length(1, 200, { message: 'must be a text of 1 to 200 characters' })
  name!: string;
}

export class MerchantDeclaration extends NamedDeclaration {
  @isIdentifier(MERCHANT_ID)
  id!: string;

  @eachMatches(TOKEN_ID)
  @IsArray({ message: 'must be a list' })
  tokens: string[] = [];

  @IsOptional()
  @IsIn(DELIVERY_MODES, { message: `is not one of ${DELIVERY_MODES.join(', ')}` })
  deliveryMode?: DeliveryMode;

  @Type(() => DestinationDeclaration)
  @ValidateNested({ each: true, message: 'must be a list of objects' })
  @IsArray({ message: 'must be a list' })
  destinations: DestinationDeclaration[] = [];
}

export class MerchantGatewayDeclaration extends NamedDeclaration {
  @isIdentifier(MERCHANT_GATEWAY_ID)
  id!: string;

  @IsOptional()
  @IsIn(GATEWAY_AUTHENTICATIONS, { message: `is not one of ${GATEWAY_AUTHENTICATIONS.join(', ')}` })
  authentication?: GatewayAuthentication;

  @Type(() => MerchantDeclaration)
  @ValidateNested({ each: true, message: 'must be a list of objects' })
  @IsArray({ message: 'must be a list' })
  merchants: MerchantDeclaration[] = [];
}

export class ClientDeclaration {
  @Matches(CLIENT_ID, { message: 'must be 1 to 128 printable characters without a colon' })
  clientId!: string;

  @IsOptional()
  @IsSecretSource()
  clientSecret?: SecretSource;

  @IsIn(SCOPES, {
    each: true,
    message: `is not one of ${SCOPES.join(', ')}`,
    context: { isValid: (value: unknown) => (SCOPES as readonly unknown[]).includes(value) },
  })
  @IsArray({ message: 'must be a list' })
  scopes!: string[];

  @IsMerchantGatewayList()
  @IsArray({ message: 'must be a list' })
  merchantGateways: string[] = [];
}

/** What a provisioning file may hold. Unknown keys are errors: a typing mistake must not be silently without effect. */
export class ProvisionFile {
  @IsOptional()
  @IsString({ message: 'must be a text' })
  $schema?: string;

  @Type(() => MerchantGatewayDeclaration)
  @ValidateNested({ each: true, message: 'must be a list of objects' })
  @IsArray({ message: 'must be a list' })
  merchantGateways: MerchantGatewayDeclaration[] = [];

  @Type(() => ClientDeclaration)
  @ValidateNested({ each: true, message: 'must be a list of objects' })
  @IsArray({ message: 'must be a list' })
  clients: ClientDeclaration[] = [];
}
