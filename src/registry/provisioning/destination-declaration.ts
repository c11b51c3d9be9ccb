import { IsBoolean, IsInt, IsOptional, IsString, IsUrl, Matches, Max, Min, ValidateIf } from 'class-validator';
import type { DestinationKind } from '../entities/destination.entity.js';
import { IsSecretSource, type SecretSource } from './secret-source.js';

const NAME = /^[A-Za-z0-9_-]{1,64}$/;

/** A team's kind may take a URL, and a secret, or not. */
const forWebhookOrGiven = (key: 'secret') =>
  ValidateIf((declared: DestinationDeclaration) => declared.kind === 'webhook' || declared[key] !== undefined);
const forWebhook = ValidateIf(({ kind }: DestinationDeclaration) => kind === 'webhook');
const forHandler = ValidateIf(({ kind }: DestinationDeclaration) => kind === 'handler');

/** Where a merchant wants its updates, as a provisioning file says it. */
export class DestinationDeclaration {
  /** Unique within the merchant. */
  @Matches(NAME, { message: `must be 1 to 64 letters, digits, _ or -` })
  name!: string;

  /** Whether there is such a kind depends on the teams; it is checked where the destination is put. */
  @IsString({ message: 'must be a text' })
  kind!: DestinationKind;

  @forWebhook
  @IsUrl(
    { protocols: ['https', 'http'], require_protocol: true, require_tld: false, disallow_auth: true },
    { message: 'must be an https URL' },
  )
  url?: string;

  @forWebhookOrGiven('secret')
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
