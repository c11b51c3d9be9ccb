import type { D1ClientOptions } from '@gateway/d1-client';
import { IsNotEmpty, IsOptional, IsUrl } from 'class-validator';

/** `TEAM_EXAMPLE_VAULT_…`; files are PEM. */
export class ExampleVaultConfiguration {
  /** Where D1 is asked for access tokens and for tokens. */
  @IsUrl({ protocols: ['https'], require_protocol: true, require_tld: false })
  d1Url: string = 'https://api.d1.thalescloud.io';

  /** Who asks: `MGW_…`, given by Thales. */
  @IsNotEmpty()
  d1MerchantGatewayId!: string;

  /** Private key that D1 has the public half of. */
  @IsNotEmpty()
  d1SigningKeyFile!: string;

  /** Client certificate for D1, with its chain. */
  @IsNotEmpty()
  d1CertFile!: string;

  @IsNotEmpty()
  d1KeyFile!: string;

  /** CAs to trust. Default: the ones of Node. */
  @IsOptional()
  d1CaFile?: string;
}

export function d1ClientOptions(configuration: ExampleVaultConfiguration): D1ClientOptions {
  const { d1Url, d1MerchantGatewayId, d1SigningKeyFile, d1CertFile, d1KeyFile, d1CaFile } = configuration;
  return {
    baseUrl: d1Url,
    merchantGatewayId: d1MerchantGatewayId,
    signingKeyFile: d1SigningKeyFile,
    tls: { certFile: d1CertFile, keyFile: d1KeyFile, ...(d1CaFile !== undefined && { caFile: d1CaFile }) },
  };
}
