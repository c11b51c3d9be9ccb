import { MERCHANT_GATEWAY_ID, Scope, SCOPES } from '@gateway/d1-contract';
import { applyDecorators } from '@nestjs/common';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { ArrayUnique, IsArray, IsBoolean, IsIn, Length, Matches } from 'class-validator';
import { IsMerchantGatewayList } from '../../registry/provisioning/merchant-gateway-list.js';
import { IfGiven, IsOptionalInstant } from '../http/request-fields.js';
import { ApiNullableTime, ApiTime } from '../http/response-fields.js';
import { NamePage } from './registry-bodies.js';

export const CLIENT_ID_PATTERN = /^[\x21-\x39\x3B-\x7E]{1,128}$/;

const SCOPES_DOC = { enum: SCOPES, isArray: true, example: [Scope.Notify] } as const;
const GATEWAYS_DOC = {
  type: String,
  isArray: true,
  description: 'Those it acts for; `*` for all there are and will be, which is not for D1.',
  example: [MERCHANT_GATEWAY_ID.example],
};

const areScopes = (): PropertyDecorator =>
  applyDecorators(
    IsIn(SCOPES, { each: true, message: `$property holds one that is not of ${SCOPES.join(', ')}` }),
    ArrayUnique({ message: '$property holds one twice' }),
    IsArray({ message: '$property must be a list' }),
  );
const areGateways = (): PropertyDecorator =>
  applyDecorators(IsMerchantGatewayList(), IsArray({ message: 'merchantGateways must be a list' }));

const IsChosenSecret = (): PropertyDecorator =>
  applyDecorators(
    ApiPropertyOptional({
      type: String,
      minLength: 16,
      maxLength: 256,
      writeOnly: true,
      description: 'One that was agreed on. Better leave it out: one is made then, and shown this once.',
    }),
    IfGiven(),
    Length(16, 256, { message: '$property must be a text of 16 to 256 characters' }),
  );

export class NewClient {
  @ApiProperty({ type: String, pattern: CLIENT_ID_PATTERN.source, example: 'is_tbank01' })
  @Matches(CLIENT_ID_PATTERN, { message: 'clientId must be 1 to 128 printable characters without a colon' })
  clientId!: string;

  @ApiProperty(SCOPES_DOC)
  @areScopes()
  scopes!: Scope[];

  @ApiProperty(GATEWAYS_DOC)
  @areGateways()
  merchantGateways!: string[];

  @IsChosenSecret()
  clientSecret?: string;
}

export class ClientChange {
  @ApiPropertyOptional(SCOPES_DOC)
  @IfGiven()
  @areScopes()
  scopes?: Scope[];

  @ApiPropertyOptional(GATEWAYS_DOC)
  @IfGiven()
  @areGateways()
  merchantGateways?: string[];

  @ApiPropertyOptional({
    type: Boolean,
    description: 'Disabled, it gets no access token, and those it has are refused.',
  })
  @IfGiven()
  @IsBoolean({ message: 'disabled must be true or false' })
  disabled?: boolean;
}

export class NewSecret {
  @IsChosenSecret()
  clientSecret?: string;

  @IsOptionalInstant('From when on it is refused; without it, never.')
  expiresAt?: string;

  @IsOptionalInstant('From when on the other one is refused, so that it goes by itself.')
  previousExpiresAt?: string;
}

export class ClientSecretItem {
  @ApiProperty({ type: String, format: 'uuid' })
  id!: string;

  @ApiProperty({ enum: ['generated', 'chosen'] })
  kind!: 'generated' | 'chosen';

  @ApiTime('When it was made.')
  createdAt!: string;

  @ApiNullableTime('From when on it is refused.')
  expiresAt!: string | null;
}

export class UsedSecretItem extends ClientSecretItem {
  @ApiNullableTime('When it was last right, to the minute. Null: not yet. One that D1 no longer uses can go.')
  lastUsedAt!: string | null;
}

export class NewSecretItem extends ClientSecretItem {
  @ApiPropertyOptional({ type: String, description: 'The secret, where it was made here: shown this once.' })
  clientSecret?: string;
}

export class ClientItem {
  @ApiProperty({ type: String, example: 'is_tbank01' })
  clientId!: string;

  @ApiProperty(SCOPES_DOC)
  scopes!: string[];

  @ApiProperty(GATEWAYS_DOC)
  merchantGateways!: string[];

  @ApiTime('When it was made.')
  createdAt!: string;

  @ApiNullableTime('Since when it is disabled.')
  disabledAt!: string | null;

  @ApiProperty({ type: [ClientSecretItem], description: 'Oldest first; two at most.' })
  secrets!: ClientSecretItem[];
}

/** A client as it is read: with what changes without anybody changing it. */
export class ClientDetail extends ClientItem {
  @ApiProperty({ type: [UsedSecretItem], description: 'Oldest first; two at most.' })
  declare secrets: UsedSecretItem[];
}

export class NewClientItem extends ClientItem {
  @ApiPropertyOptional({ type: String, description: 'Its secret, where it was made here: shown this once.' })
  clientSecret?: string;
}

export class ClientPage extends NamePage<ClientDetail> {
  @ApiProperty({ type: [ClientDetail], description: 'In the order of their ids.' })
  items!: readonly ClientDetail[];
}

export class SigningKeyItem {
  @ApiProperty({ type: String, description: 'JWK thumbprint (RFC 7638): `kid` of the access tokens it signs.' })
  kid!: string;

  @ApiTime('When it was made; from then on it is in the JWK Set.')
  createdAt!: string;

  @ApiTime('From when on it signs: until then all instances and verifiers have it.')
  signsFrom!: string;
}
