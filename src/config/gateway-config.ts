import type { D1_AUTHENTICATIONS, LOG_LEVELS } from './environment.js';

/** Where the gateway keeps its data: one of two engines, chosen once at start. */
export type DatabaseConfig =
  | { readonly engine: 'sqlite'; readonly file: string }
  | { readonly engine: 'postgres'; readonly url: string; readonly poolSize: number };

export type Engine = DatabaseConfig['engine'];

export interface TlsConfig {
  readonly certFile: string;
  readonly keyFile: string;
  /** CA bundle that client certificates are checked against; without it none is asked for. */
  readonly clientCaFile?: string;
}

/**
 * The configuration of one gateway, validated and frozen. The injection token for it, too: whoever needs a
 * setting takes `GatewayConfig` in its constructor.
 */
export abstract class GatewayConfig {
  abstract readonly production: boolean;
  abstract readonly server: {
    readonly host: string;
    readonly port: number;
    /** Issuer of access tokens and base of every URL the gateway tells; no trailing slash. */
    readonly publicUrl: string;
    readonly trustedProxies: readonly string[];
    readonly requestTimeoutMs: number;
    readonly shutdownDelayMs: number;
    readonly retryAfterSeconds: number;
    readonly tls?: TlsConfig;
  };
  abstract readonly database: DatabaseConfig;
  abstract readonly dataDir: string;
  /** Declared registry content, applied at start. */
  abstract readonly provisionFile?: string;
  /** Loaded into an empty registry where no provision file is set; never in production. */
  abstract readonly exampleProvisionFile?: string;
  abstract readonly keys: {
    /** 32 bytes, base64: from it all secrets at rest are keyed. */
    readonly masterKey?: string;
    readonly masterKeyFile?: string;
    readonly signingKeyFile?: string;
  };
  abstract readonly auth: {
    readonly d1Authentication: (typeof D1_AUTHENTICATIONS)[number];
    readonly tokenPath: string;
    readonly accessTokenTtlSeconds: number;
    readonly audience: string;
    readonly clockSkewSeconds: number;
    readonly clientCacheSeconds: number;
    readonly guessLimitPerMinute: number;
  };
  abstract readonly intake: {
    readonly correlationIdRequired: boolean;
    readonly batchSize: number;
    readonly queueLimit: number;
    readonly unmatchedSweepSeconds: number;
  };
  abstract readonly delivery: {
    /** Waits between tries; after the last one a delivery is dead. */
    readonly retryScheduleSeconds: readonly number[];
    /** Most tries at a time, over all destinations. */
    readonly concurrency: number;
    readonly concurrencyPerDestination: number;
    readonly handlerTimeoutMs: number;
    /** How long D1 waits for a merchant on relay. */
    readonly relayDeadlineMs: number;
    /** Deadline of a webhook, the receiver's answer included. */
    readonly webhookTimeoutMs: number;
    /** Networks, in CIDR notation, that webhooks may go to although they are not public. */
    readonly webhookAllowedNetworks: readonly string[];
  };
  abstract readonly logLevel: (typeof LOG_LEVELS)[number];
}
