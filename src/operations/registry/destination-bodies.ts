import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsBoolean, IsInt, IsUrl, Matches, Max, Min, ValidateIf } from 'class-validator';
import { DESTINATION_KINDS, type DestinationKind } from '../../registry/entities/destination.entity.js';
import { DESTINATION_NAME } from '../http/identifiers.js';
import { IfGiven, IsOneOf } from '../http/request-fields.js';
import { ApiIdentifier, ApiNullable, ApiNullableTime, ApiTime } from '../http/response-fields.js';
import { NamePage } from './registry-bodies.js';

const SECRET = /^whs(ec|k)_[A-Za-z0-9+/]+={0,2}$/;
const BAD_RATE = { message: '$property must be a whole number from 1 to 100000' };

const forWebhook = ValidateIf(({ kind }: DestinationBody) => kind === 'webhook');
const forHandler = ValidateIf(({ kind }: DestinationBody) => kind === 'handler');

export class DestinationBody {
  @IsOneOf(DESTINATION_KINDS, 'Whether updates go out by HTTP, or to a handler in the gateway itself.')
  kind!: DestinationKind;

  @ApiPropertyOptional({
    type: String,
    format: 'uri',
    description: 'Of a webhook.',
    example: 'https://shop.example/d1',
  })
  @forWebhook
  @IsUrl(
    { protocols: ['https', 'http'], require_protocol: true, require_tld: false, disallow_auth: true },
    { message: 'url must be an https URL' },
  )
  url?: string;

  @ApiPropertyOptional({
    type: String,
    pattern: SECRET.source,
    writeOnly: true,
    description:
      'What a webhook is signed with (Standard Webhooks). Without it a webhook keeps what it has; a new one gets a secret made here, which is in the answer this once.',
  })
  @IfGiven()
  @Matches(SECRET, { message: 'secret is no signing secret of Standard Webhooks' })
  secret?: string;

  @ApiPropertyOptional({
    type: String,
    pattern: SECRET.source,
    writeOnly: true,
    description: 'While `secret` is replacing it: the one before, which the receiver may still check with.',
  })
  @IfGiven()
  @Matches(SECRET, { message: 'previousSecret is no signing secret of Standard Webhooks' })
  previousSecret?: string;

  @ApiPropertyOptional({ type: String, description: 'Of a handler: the name it is registered under.', example: 'acme' })
  @forHandler
  @Matches(DESTINATION_NAME.pattern, { message: 'handler must be the name of a handler' })
  handler?: string;

  @ApiPropertyOptional({
    type: 'integer',
    minimum: 1,
    maximum: 100_000,
    description: 'Most tries a second; without it there is no limit.',
  })
  @IfGiven()
  @Max(100_000, BAD_RATE)
  @Min(1, BAD_RATE)
  @IsInt(BAD_RATE)
  ratePerSecond?: number;

  @ApiPropertyOptional({
    type: Boolean,
    default: false,
    description: 'Whether of several pending updates of a token only the newest is sent.',
  })
  @IfGiven()
  @IsBoolean({ message: 'coalesce must be true or false' })
  coalesce?: boolean;

  @ApiPropertyOptional({
    type: Boolean,
    default: true,
    description: 'Disabled, it gets nothing, and what is pending for it is cancelled.',
  })
  @IfGiven()
  @IsBoolean({ message: 'enabled must be true or false' })
  enabled?: boolean;
}

export class DestinationItem {
  @ApiIdentifier(DESTINATION_NAME)
  name!: string;

  @ApiProperty({ enum: DESTINATION_KINDS })
  kind!: DestinationKind;

  @ApiNullable({ type: 'string' }, { description: 'Of a webhook.', example: 'https://shop.example/d1' })
  url!: string | null;

  @ApiProperty({
    type: 'integer',
    minimum: 0,
    description: 'How many secrets a webhook is signed with: two while one is being replaced.',
  })
  secrets!: number;

  @ApiProperty({
    type: [String],
    description:
      'Another one for another secret, newest first: so that it is seen which it has. Made here; not to be computed elsewhere.',
    example: ['mT4vKq0Zb1xA'],
  })
  secretFingerprints!: readonly string[];

  @ApiNullable({ type: 'string' }, { description: 'Of a handler.' })
  handler!: string | null;

  @ApiNullable({ type: 'integer' }, { description: 'Most tries a second; null for no limit.' })
  ratePerSecond!: number | null;

  @ApiProperty({ type: Boolean })
  coalesce!: boolean;

  @ApiTime('When it was made.')
  createdAt!: string;

  @ApiNullableTime('From when on it gets nothing: an operator has disabled it, or the receiver said that it is gone.')
  disabledAt!: string | null;
}

/** A destination as it is answered when it is put. */
export class PutDestination extends DestinationItem {
  @ApiPropertyOptional({ type: String, description: 'The signing secret, where it was made here: shown this once.' })
  secret?: string;
}

export class DestinationPage extends NamePage<DestinationItem> {
  @ApiProperty({ type: [DestinationItem], description: 'In the order of their names.' })
  items!: readonly DestinationItem[];
}
