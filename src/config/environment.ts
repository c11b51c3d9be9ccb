import { Type } from 'class-transformer';
import {
  IsIn,
  IsInt,
  IsNumber,
  IsOptional,
  IsString,
  IsUrl,
  Matches,
  Max,
  MaxLength,
  Min,
  MinLength,
} from 'class-validator';
import { IsNetworkList } from './network-list.js';

export const D1_AUTHENTICATIONS = ['oauth', 'mtls', 'oauth+mtls', 'trusted-network'] as const;
export const CLIENT_CERT_HEADERS = ['none', 'rfc9440', 'xfcc'] as const;
export const ACCESS_TOKEN_BINDINGS = ['required', 'exact', 'when-shown'] as const;
export const DOCS = ['open', 'protected', 'off'] as const;
export const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;

/** 32 bytes in base64 or base64url, padded or not. */
export const MASTER_KEY_PATTERN = /^[A-Za-z0-9+/_-]{43}=?$/;

/**
 * The environment variables the gateway reads, with their rules and defaults. `docs/configuration.md`
 * explains each; a test holds the two together. Nothing else reads `process.env`.
 */
export class Environment {
  @IsString()
  NODE_ENV: string = 'development';

  @Matches(/^(intake|dispatcher)(,(intake|dispatcher))*$/, {
    message: 'ROLES must be intake, dispatcher, or both with a comma between',
  })
  ROLES: string = 'intake,dispatcher';

  // Listening
  @IsString()
  HOST: string = '0.0.0.0';

  @Type(() => Number)
  @Max(65_535)
  @Min(0)
  @IsInt()
  PORT: number = 3000;

  @IsOptional()
  @IsUrl({ protocols: ['http', 'https'], require_protocol: true, require_tld: false, allow_query_components: false })
  PUBLIC_URL?: string;

  @IsOptional()
  @IsString()
  TRUSTED_PROXIES?: string;

  @Type(() => Number)
  @Max(600_000)
  @Min(1000)
  @IsInt()
  REQUEST_TIMEOUT_MS: number = 30_000;

  @Type(() => Number)
  @Max(600_000)
  @Min(0)
  @IsInt()
  SHUTDOWN_DELAY_MS: number = 0;

  @Type(() => Number)
  @Max(600_000)
  @Min(1000)
  @IsInt()
  KEEP_ALIVE_TIMEOUT_MS: number = 72_000;

  @Type(() => Number)
  @Max(1_000_000)
  @Min(1)
  @IsInt()
  MAX_CONNECTIONS: number = 10_000;

  @Type(() => Number)
  @Max(1_000_000)
  @Min(1)
  @IsInt()
  MAX_CONNECTIONS_PER_ADDRESS: number = 2000;

  @Type(() => Number)
  @Max(3600)
  @Min(1)
  @IsInt()
  RETRY_AFTER_SECONDS: number = 5;

  // TLS
  @IsOptional()
  @IsString()
  TLS_CERT_FILE?: string;

  @IsOptional()
  @IsString()
  TLS_KEY_FILE?: string;

  @IsOptional()
  @IsString()
  TLS_CLIENT_CA_FILE?: string;

  @IsOptional()
  @IsString()
  TLS_CLIENT_CRL_FILE?: string;

  @IsOptional()
  @IsString()
  TLS_CLIENT_SUBJECTS?: string;

  @IsIn(CLIENT_CERT_HEADERS)
  CLIENT_CERT_HEADER: (typeof CLIENT_CERT_HEADERS)[number] = 'none';

  // Storage
  @MinLength(1)
  @IsString()
  DATA_DIR: string = 'data';

  @IsOptional()
  @Matches(/^postgres(ql)?:\/\//, { message: 'DATABASE_URL must start with postgres://' })
  DATABASE_URL?: string;

  @Type(() => Number)
  @Max(1000)
  @Min(2)
  @IsInt()
  DATABASE_POOL_SIZE: number = 10;

  @Type(() => Number)
  @Max(15_000)
  @Min(100)
  @IsInt()
  DATABASE_STATEMENT_TIMEOUT_MS: number = 10_000;

  @Type(() => Number)
  @Max(60_000)
  @Min(100)
  @IsInt()
  DATABASE_CONNECT_TIMEOUT_MS: number = 5000;

  @IsOptional()
  @IsString()
  DATABASE_SSL_CA_FILE?: string;

  @IsOptional()
  @IsString()
  DATABASE_SSL_CERT_FILE?: string;

  @IsOptional()
  @IsString()
  DATABASE_SSL_KEY_FILE?: string;

  @IsOptional()
  @IsIn(['accepted'])
  DATABASE_UNSAFE_DURABILITY?: 'accepted';

  @Type(() => Number)
  @Max(36_500)
  @Min(0)
  @IsInt()
  RETENTION_DAYS: number = 400;

  @IsOptional()
  @IsString()
  PROVISION_FILE?: string;

  // Keys
  @IsOptional()
  @Matches(MASTER_KEY_PATTERN, { message: 'MASTER_KEY must be 32 bytes in base64' })
  MASTER_KEY?: string;

  @IsOptional()
  @IsString()
  MASTER_KEY_FILE?: string;

  @IsOptional()
  @IsString()
  SIGNING_KEY_FILE?: string;

  @IsOptional()
  @IsString()
  SIGNING_KEY_PASSPHRASE_FILE?: string;

  @Type(() => Number)
  @Max(3650)
  @Min(0)
  @IsInt()
  SIGNING_KEY_ROTATION_DAYS: number = 90;

  // Who calls
  @IsIn(D1_AUTHENTICATIONS)
  D1_AUTHENTICATION: (typeof D1_AUTHENTICATIONS)[number] = 'oauth';

  @Matches(/^(\/[A-Za-z0-9._~-]+)+$/, { message: 'TOKEN_PATH must be a path such as /oauth2/token' })
  TOKEN_PATH: string = '/oauth2/token';

  @Type(() => Number)
  @Max(86_400)
  @Min(60)
  @IsInt()
  ACCESS_TOKEN_TTL_SECONDS: number = 900;

  @IsOptional()
  @MaxLength(256)
  @MinLength(1)
  ACCESS_TOKEN_AUDIENCE?: string;

  @Type(() => Number)
  @Max(300)
  @Min(0)
  @IsInt()
  CLOCK_SKEW_SECONDS: number = 5;

  @Type(() => Number)
  @Max(300)
  @Min(0)
  @IsInt()
  CLIENT_CACHE_SECONDS: number = 5;

  @Type(() => Number)
  @Max(100_000)
  @Min(1)
  @IsInt()
  GUESS_LIMIT_PER_MINUTE: number = 30;

  @IsIn(ACCESS_TOKEN_BINDINGS)
  ACCESS_TOKEN_BINDING: (typeof ACCESS_TOKEN_BINDINGS)[number] = 'required';
  @IsIn(['off', 'on'])
  PAYLOAD_ENCRYPTION: 'off' | 'on' = 'off';

  // Intake
  @IsIn(['optional', 'required'])
  CORRELATION_ID: 'optional' | 'required' = 'optional';

  @Type(() => Number)
  @Max(4096)
  @Min(1)
  @IsInt()
  INTAKE_BATCH_SIZE: number = 256;

  @Type(() => Number)
  @Max(1_000_000)
  @Min(1)
  @IsInt()
  INTAKE_QUEUE_LIMIT: number = 10_000;

  @Type(() => Number)
  @Max(60_000)
  @Min(10)
  @IsInt()
  INTAKE_QUEUE_WAIT_MS: number = 120;

  @Type(() => Number)
  @Max(3600)
  @Min(1)
  @IsInt()
  UNMATCHED_SWEEP_SECONDS: number = 30;

  // Delivery
  @Matches(/^[1-9]\d{0,6}(,[1-9]\d{0,6})*$/, {
    message: 'DELIVERY_RETRY_SCHEDULE_SECONDS must be whole seconds, separated by commas',
  })
  DELIVERY_RETRY_SCHEDULE_SECONDS: string = '5,30,120,600,1800,3600,7200,14400,28800,43200,43200,43200,43200,43200';

  @Type(() => Number)
  @Max(10_000)
  @Min(1)
  @IsInt()
  DELIVERY_CONCURRENCY: number = 256;

  @Type(() => Number)
  @Max(1000)
  @Min(1)
  @IsInt()
  DELIVERY_CONCURRENCY_PER_DESTINATION: number = 16;

  @Type(() => Number)
  @Max(3600)
  @Min(1)
  @IsInt()
  DELIVERY_SWEEP_SECONDS: number = 1;

  @Type(() => Number)
  @Max(300_000)
  @Min(100)
  @IsInt()
  HANDLER_TIMEOUT_MS: number = 10_000;

  @Type(() => Number)
  @Max(600_000)
  @Min(100)
  @IsInt()
  HANDLER_START_TIMEOUT_MS: number = 30_000;

  @Type(() => Number)
  @Max(1000)
  @Min(1)
  @IsInt()
  HANDLER_CONCURRENCY: number = 16;

  @Type(() => Number)
  @Max(25_000)
  @Min(100)
  @IsInt()
  RELAY_DEADLINE_MS: number = 5000;

  @Type(() => Number)
  @Max(60_000)
  @Min(100)
  @IsInt()
  WEBHOOK_TIMEOUT_MS: number = 10_000;

  @IsOptional()
  @IsNetworkList()
  WEBHOOK_ALLOWED_NETWORKS?: string;

  // Metrics
  @IsOptional()
  @Type(() => Number)
  @Max(65_535)
  @Min(0)
  @IsInt()
  METRICS_PORT?: number;

  @IsOptional()
  @IsString()
  METRICS_HOST?: string;

  // Traces
  @IsOptional()
  @IsUrl({ protocols: ['http', 'https'], require_protocol: true, require_tld: false, allow_query_components: false })
  OTEL_EXPORTER_OTLP_ENDPOINT?: string;

  @IsOptional()
  @IsString()
  OTEL_EXPORTER_OTLP_HEADERS?: string;

  @Type(() => Number)
  @Max(1)
  @Min(0)
  @IsNumber()
  OTEL_TRACES_SAMPLER_ARG: number = 1;

  @MaxLength(255)
  @MinLength(1)
  @IsString()
  OTEL_SERVICE_NAME: string = 'd1-merchant-gateway';

  // Logs
  @IsIn(LOG_LEVELS)
  LOG_LEVEL: (typeof LOG_LEVELS)[number] = 'info';

  // Pages for people
  @IsOptional()
  @IsIn(DOCS)
  DOCS?: (typeof DOCS)[number];

  @IsOptional()
  @IsIn(['on', 'off'])
  CONSOLE?: 'on' | 'off';
}
