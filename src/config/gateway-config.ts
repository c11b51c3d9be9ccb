import type {
  ACCESS_TOKEN_BINDINGS,
  CLIENT_CERT_HEADERS,
  D1_AUTHENTICATIONS,
  DOCS,
  LOG_LEVELS,
} from './environment.js';

/** Where the gateway keeps its data: one of two engines, chosen once at start. */
export type DatabaseConfig = { readonly engine: 'sqlite'; readonly file: string } | PostgresConfig;

export interface PostgresConfig {
  readonly engine: 'postgres';
  /** Without `sslmode`, which is in `tls`. */
  readonly url: string;
  readonly poolSize: number;
  readonly statementTimeoutMs: number;
  readonly connectTimeoutMs: number;
  /** Without it connections are in clear. */
  readonly tls?: DatabaseTlsConfig;
  /** Somebody knows that this server may forget commits. */
  readonly unsafeDurabilityAccepted: boolean;
}

/** As libpq has it: `require` encrypts, `verify-ca` checks who signed, `verify-full` also whom. */
export const SSL_MODES = ['require', 'verify-ca', 'verify-full'] as const;

export interface DatabaseTlsConfig {
  readonly mode: (typeof SSL_MODES)[number];
  /** CA bundle; without it what node trusts. */
  readonly caFile?: string;
  /** What the gateway shows, where the server asks. */
  readonly certFile?: string;
  readonly keyFile?: string;
}

export type Engine = DatabaseConfig['engine'];

/** What an instance does, operations and health aside. */
export type Role = 'intake' | 'dispatcher';

export interface TlsConfig {
  readonly certFile: string;
  readonly keyFile: string;
  /** CA bundle that client certificates are checked against; without it none is asked for. */
  readonly clientCaFile?: string;
}

/** How callers' certificates come here, and which are good. */
export interface ClientCertificatesConfig {
  /** The header in which trusted proxies tell them; from all others they come with the connection. */
  readonly header: (typeof CLIENT_CERT_HEADERS)[number];
  readonly caFile?: string;
  /** Lists of revoked certificates, one for each CA. */
  readonly crlFile?: string;
  /** Names, of which one must be the certificate's; empty: any. */
  readonly subjects: readonly string[];
}

/** Traces by OTLP over HTTP. */
export interface TracingConfig {
  readonly tracesUrl: string;
  /** They may hold the receiver's credentials. */
  readonly headers: Readonly<Record<string, string>>;
  /** From 0 to 1: how many of the traces that begin here, or whose caller wants them, are kept. */
  readonly sampleRatio: number;
  readonly serviceName: string;
}

/**
 * The configuration of one gateway, validated and frozen. The injection token for it, too: whoever needs a
 * setting takes `GatewayConfig` in its constructor.
 */
export abstract class GatewayConfig {
  abstract readonly production: boolean;
  /** Empty for a tool beside the gateways: it takes no lock, migrates nothing, and leaves upkeep to them. */
  abstract readonly roles: ReadonlySet<Role>;
  abstract readonly server: {
    readonly host: string;
    readonly port: number;
    /** Issuer of access tokens and base of every URL the gateway tells; no trailing slash. */
    readonly publicUrl: string;
    readonly trustedProxies: readonly string[];
    readonly requestTimeoutMs: number;
    readonly shutdownDelayMs: number;
    readonly keepAliveTimeoutMs: number;
    readonly maxConnections: number;
    /** Of one IPv4 address or /64 network, trusted proxies aside. */
    readonly maxConnectionsPerAddress: number;
    readonly retryAfterSeconds: number;
    readonly tls?: TlsConfig;
    readonly clientCertificates: ClientCertificatesConfig;
  };
  abstract readonly database: DatabaseConfig;
  abstract readonly dataDir: string;
  /** For how long what is settled is kept; 0 for ever. */
  abstract readonly retentionDays: number;
  /** Declared registry content, applied at start. */
  abstract readonly provisionFile?: string;
  /** Loaded into an empty registry where no provision file is set; never in production. */
  abstract readonly exampleProvisionFile?: string;
  abstract readonly keys: {
    /** 32 bytes, base64: from it all secrets at rest are keyed. */
    readonly masterKey?: string;
    readonly masterKeyFile?: string;
    readonly signingKeyFile?: string;
    readonly signingKeyPassphraseFile?: string;
    /** After so many days another key signs; 0: only when somebody asks for it. */
    readonly signingKeyRotationDays: number;
    /** Whether the bodies of notifications are encrypted at rest. */
    readonly encryptsPayloads: boolean;
  };
  abstract readonly auth: {
    readonly d1Authentication: (typeof D1_AUTHENTICATIONS)[number];
    readonly tokenPath: string;
    readonly accessTokenTtlSeconds: number;
    readonly audience: string;
    readonly clockSkewSeconds: number;
    readonly clientCacheSeconds: number;
    readonly guessLimitPerMinute: number;
    /** How an access token must be bound to the certificate where both are asked for. */
    readonly accessTokenBinding: (typeof ACCESS_TOKEN_BINDINGS)[number];
  };
  abstract readonly intake: {
    readonly correlationIdRequired: boolean;
    readonly batchSize: number;
    readonly queueLimit: number;
    /** Longest expected wait; beyond it 503. */
    readonly queueWaitMs: number;
    readonly unmatchedSweepSeconds: number;
  };
  abstract readonly delivery: {
    /** Waits between tries; after the last one a delivery is dead. */
    readonly retryScheduleSeconds: readonly number[];
    /** Most tries at a time, over all destinations. */
    readonly concurrency: number;
    readonly concurrencyPerDestination: number;
    /** How often is looked for what no event tells. */
    readonly sweepSeconds: number;
    readonly handlerTimeoutMs: number;
    readonly handlerStartTimeoutMs: number;
    /** Most calls of one handler at a time, over all its destinations. */
    readonly handlerConcurrency: number;
    /** How long D1 waits for a merchant on relay. */
    readonly relayDeadlineMs: number;
    /** Deadline of a webhook, the receiver's answer included. */
    readonly webhookTimeoutMs: number;
    /** Networks, in CIDR notation, that webhooks may go to although they are not public. */
    readonly webhookAllowedNetworks: readonly string[];
  };
  /** Variables that begin with `TEAM_`, as they stand: settings of teams' modules. */
  abstract readonly teamVariables: Readonly<Record<string, string>>;
  /** A port of their own for metrics; without it they are on the main one. */
  abstract readonly metrics?: { readonly host: string; readonly port: number };
  /** Where traces go; without it there are none, and nothing of what makes them is loaded. */
  abstract readonly tracing?: TracingConfig;
  abstract readonly logLevel: (typeof LOG_LEVELS)[number];
  /** What is served for people to look at. */
  abstract readonly pages: {
    readonly docs: (typeof DOCS)[number];
    readonly console: boolean;
  };
}
