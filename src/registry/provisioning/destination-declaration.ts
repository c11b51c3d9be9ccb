import { IsBoolean, IsIn, IsInt, IsOptional, IsUrl, Matches, Max, Min, ValidateIf } from 'class-validator';
import { DESTINATION_KINDS, type DestinationKind } from '../entities/destination.entity.js';
import { IsSecretSource, type SecretSource } from './secret-source.js';

const NAME = /^[A-Za-z0-9_-]{1,64}$/;

const forWebhook = ValidateIf(({ kind }: DestinationDeclaration) => kind === 'webhook');
const forHandler = ValidateIf(({ kind }: DestinationDeclaration) => kind === 'handler');

/** Where a merchant wants its updates, as a provisioning file says it. */
export class DestinationDeclaration {
  /** Unique within the merchant. */
  @Matches(NAME, { message: `must be 1 to 64 letters, digits, _ or -` })
  name!: string;

  @IsIn(DESTINATION_KINDS, { message: `is not one of ${DESTINATION_KINDS.join(', ')}` })
  kind!: DestinationKind;

  @forWebhook
  @IsUrl(
    { protocols: ['https', 'http'], require_protocol: true, require_tld: false, disallow_auth: true },
    { message: 'must be an https URL' },
  )
  url?: string;

  @forWebhook
  @IsSecretSource()
  secret?: SecretSource;

  /** While a secret is being replaced: the one before, which the receiver may still check with. */
  @IsOptional()
  @IsSecretSource()
  previousSecret?: SecretSource;

  @forHandler
  @Matches(NAME, { message: 'must be the name of a handler' })
  handler?: string;

  @IsOptional()
  @Max(100_000, { message: 'must be a whole number from 1 to 100000' })
  @Min(1, { message: 'must be a whole number from 1 to 100000' })
  @IsInt({ message: 'must be a whole number from 1 to 100000' })
  ratePerSecond?: number;

  @IsOptional()
  @IsBoolean({ message: 'must be true or false' })
  coalesce?: boolean;
}
