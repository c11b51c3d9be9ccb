import { plainToInstance } from 'class-transformer';
import { validateSync } from 'class-validator';
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { clientCertificateFaults, clientCertificatesConfig } from './client-certificates-config.js';
import { databaseConfig, databaseFaults } from './database-config.js';
import { Environment } from './environment.js';
import { conceal } from '../privacy/conceal.js';
import type { DatabaseConfig, GatewayConfig, Role, TlsConfig } from './gateway-config.js';
import { networkList } from './network-list.js';
import { tracingConfig, tracingFaults } from './tracing-config.js';

const EXAMPLE_PROVISION_FILE = 'examples/provision.json';

/** A setting that is missing or wrong. Names the variable and the rule, never the value. */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError';
}

/**
 * Reads the configuration from environment variables. An empty variable counts as unset.
 *
 * @throws ConfigurationError naming every variable at fault
 */
export function loadConfig(variables: Readonly<Record<string, string | undefined>>): GatewayConfig {
  const set = Object.fromEntries(Object.entries(variables).filter(([, value]) => value !== undefined && value !== ''));
  const environment = plainToInstance(Environment, set, { exposeDefaultValues: true });
  const faults = [...ruleViolations(environment), ...contradictions(environment)];
  if (faults.length > 0) {
    throw new ConfigurationError(`Configuration: ${faults.join('; ')}. See docs/configuration.md.`);
  }
  return deepFreeze({ ...toConfig(environment), teamVariables: teamVariables(set) });
}

function ruleViolations(environment: Environment): string[] {
  return validateSync(environment, { validationError: { target: false, value: false } }).map(
    ({ property, constraints = {} }) => Object.values(constraints)[0] ?? `${property} is not valid`,
  );
}

/** What no single variable shows. */
function contradictions(env: Environment): string[] {
  const faults = databaseFaults(env);
  const production = env.NODE_ENV === 'production';
  if (Boolean(env.TLS_CERT_FILE) !== Boolean(env.TLS_KEY_FILE)) {
    faults.push('TLS_CERT_FILE and TLS_KEY_FILE go together');
  }
  faults.push(...clientCertificateFaults(env), ...tracingFaults(env));
  if (['/oauth2/revoke', '/oauth2/introspect'].includes(env.TOKEN_PATH)) {
    faults.push('TOKEN_PATH is a path that has another meaning');
  }
  if (env.MASTER_KEY && env.MASTER_KEY_FILE) {
    faults.push('MASTER_KEY and MASTER_KEY_FILE exclude each other');
  }
  if (production && env.DATABASE_URL && !env.MASTER_KEY && !env.MASTER_KEY_FILE) {
    faults.push('MASTER_KEY or MASTER_KEY_FILE must be set: in production, instances on one database share it');
  }
  if (production && !env.PUBLIC_URL) {
    faults.push('PUBLIC_URL must be set in production: it is the issuer of access tokens');
  }
  return faults;
}

function toConfig(env: Environment): Omit<GatewayConfig, 'teamVariables'> {
  const production = env.NODE_ENV === 'production';
  const dataDir = resolve(env.DATA_DIR);
  const tls = tlsConfig(env);
  const tracing = tracingConfig(env);
  const publicUrl = (env.PUBLIC_URL ?? `${tls ? 'https' : 'http'}://localhost:${env.PORT}`).replace(/\/+$/, '');
  return {
    production,
    roles: new Set(env.ROLES.split(',') as Role[]),
    server: {
      // For that name Fastify would listen twice, and only once with our handlers.
      host: env.HOST === 'localhost' ? '127.0.0.1' : env.HOST,
      port: env.PORT,
      publicUrl,
      trustedProxies: (env.TRUSTED_PROXIES ?? '')
        .split(',')
        .map((range) => range.trim())
        .filter(Boolean),
      requestTimeoutMs: env.REQUEST_TIMEOUT_MS,
      shutdownDelayMs: env.SHUTDOWN_DELAY_MS,
      keepAliveTimeoutMs: env.KEEP_ALIVE_TIMEOUT_MS,
      maxConnections: env.MAX_CONNECTIONS,
      maxConnectionsPerAddress: env.MAX_CONNECTIONS_PER_ADDRESS,
      retryAfterSeconds: env.RETRY_AFTER_SECONDS,
      ...(tls && { tls }),
      clientCertificates: clientCertificatesConfig(env),
    },
    database: concealedDatabase(databaseConfig(env, dataDir)),
    dataDir,
    retentionDays: env.RETENTION_DAYS,
    ...(env.PROVISION_FILE && { provisionFile: env.PROVISION_FILE }),
    ...(!production && existsSync(EXAMPLE_PROVISION_FILE) && { exampleProvisionFile: EXAMPLE_PROVISION_FILE }),
    keys: conceal(
      {
        ...(env.MASTER_KEY && { masterKey: env.MASTER_KEY }),
        ...(env.MASTER_KEY_FILE && { masterKeyFile: env.MASTER_KEY_FILE }),
        ...(env.SIGNING_KEY_FILE && { signingKeyFile: env.SIGNING_KEY_FILE }),
        ...(env.SIGNING_KEY_PASSPHRASE_FILE && { signingKeyPassphraseFile: env.SIGNING_KEY_PASSPHRASE_FILE }),
        signingKeyRotationDays: env.SIGNING_KEY_ROTATION_DAYS,
        encryptsPayloads: env.PAYLOAD_ENCRYPTION === 'on',
      },
      'masterKey',
    ),
    auth: {
      d1Authentication: env.D1_AUTHENTICATION,
      tokenPath: env.TOKEN_PATH,
      accessTokenTtlSeconds: env.ACCESS_TOKEN_TTL_SECONDS,
      audience: env.ACCESS_TOKEN_AUDIENCE ?? publicUrl,
      clockSkewSeconds: env.CLOCK_SKEW_SECONDS,
      clientCacheSeconds: env.CLIENT_CACHE_SECONDS,
      guessLimitPerMinute: env.GUESS_LIMIT_PER_MINUTE,
      accessTokenBinding: env.ACCESS_TOKEN_BINDING,
    },
    intake: {
      correlationIdRequired: env.CORRELATION_ID === 'required',
      batchSize: env.INTAKE_BATCH_SIZE,
      queueLimit: env.INTAKE_QUEUE_LIMIT,
      queueWaitMs: env.INTAKE_QUEUE_WAIT_MS,
      unmatchedSweepSeconds: env.UNMATCHED_SWEEP_SECONDS,
    },
    delivery: {
      retryScheduleSeconds: env.DELIVERY_RETRY_SCHEDULE_SECONDS.split(',').map(Number),
      concurrency: env.DELIVERY_CONCURRENCY,
      concurrencyPerDestination: env.DELIVERY_CONCURRENCY_PER_DESTINATION,
      sweepSeconds: env.DELIVERY_SWEEP_SECONDS,
      handlerTimeoutMs: env.HANDLER_TIMEOUT_MS,
      handlerStartTimeoutMs: env.HANDLER_START_TIMEOUT_MS,
      handlerConcurrency: env.HANDLER_CONCURRENCY,
      relayDeadlineMs: env.RELAY_DEADLINE_MS,
      webhookTimeoutMs: env.WEBHOOK_TIMEOUT_MS,
      webhookAllowedNetworks: networkList(env.WEBHOOK_ALLOWED_NETWORKS),
    },
    ...(env.METRICS_PORT !== undefined && {
      metrics: { host: env.METRICS_HOST ?? env.HOST, port: env.METRICS_PORT },
    }),
    ...(tracing && { tracing }),
    logLevel: env.LOG_LEVEL,
    pages: {
      docs: env.DOCS ?? (production ? 'off' : 'open'),
      console: env.CONSOLE === undefined ? !production : env.CONSOLE === 'on',
    },
  };
}

/** Teams' modules have rules of their own for them. */
function teamVariables(variables: Readonly<Record<string, unknown>>): Record<string, string> {
  const all: Record<string, string> = Object.fromEntries(
    Object.entries(variables).flatMap(([name, value]) => (name.startsWith('TEAM_') ? [[name, String(value)]] : [])),
  );
  // Which of them are secrets is known to the teams alone.
  return conceal(all, ...Object.keys(all));
}

function tlsConfig(env: Environment): TlsConfig | undefined {
  if (!env.TLS_CERT_FILE || !env.TLS_KEY_FILE) return undefined;
  return {
    certFile: env.TLS_CERT_FILE,
    keyFile: env.TLS_KEY_FILE,
    ...(env.TLS_CLIENT_CA_FILE && { clientCaFile: env.TLS_CLIENT_CA_FILE }),
  };
}

/** The URL holds a password. */
function concealedDatabase(database: DatabaseConfig): DatabaseConfig {
  return database.engine === 'postgres' ? conceal(database, 'url') : database;
}

function deepFreeze<T extends object>(value: T): T {
  for (const nested of Object.values(value)) {
    if (nested !== null && typeof nested === 'object') deepFreeze(nested as object);
  }
  return Object.freeze(value);
}
