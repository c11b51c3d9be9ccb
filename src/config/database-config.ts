import { join } from 'node:path';
import type { Environment } from './environment.js';
import { SSL_MODES, type DatabaseConfig, type DatabaseTlsConfig } from './gateway-config.js';

type SslMode = DatabaseTlsConfig['mode'];

export function databaseConfig(env: Environment, dataDir: string): DatabaseConfig {
  if (!env.DATABASE_URL) return { engine: 'sqlite', file: join(dataDir, 'gateway.sqlite') };
  const tls = tlsConfig(env);
  return {
    engine: 'postgres',
    url: withoutSslMode(env.DATABASE_URL),
    poolSize: env.DATABASE_POOL_SIZE,
    statementTimeoutMs: env.DATABASE_STATEMENT_TIMEOUT_MS,
    connectTimeoutMs: env.DATABASE_CONNECT_TIMEOUT_MS,
    ...(tls && { tls }),
    unsafeDurabilityAccepted: env.DATABASE_UNSAFE_DURABILITY === 'accepted',
  };
}

/** What no single variable of the database shows. */
export function databaseFaults(env: Environment): string[] {
  const faults: string[] = [];
  const { DATABASE_SSL_CA_FILE: ca, DATABASE_SSL_CERT_FILE: cert, DATABASE_SSL_KEY_FILE: key } = env;
  if (!env.DATABASE_URL && env.ROLES.split(',').length < 2) {
    faults.push('ROLES must be both without DATABASE_URL: SQLite is for one instance');
  }
  if (!env.DATABASE_URL && (ca || cert || key)) faults.push('DATABASE_SSL_… settings need DATABASE_URL');
  if (Boolean(cert) !== Boolean(key)) faults.push('DATABASE_SSL_CERT_FILE and DATABASE_SSL_KEY_FILE go together');
  return [...faults, ...(env.DATABASE_URL ? urlFaults(env) : [])];
}

function urlFaults(env: Environment): string[] {
  if (!URL.canParse(env.DATABASE_URL ?? '')) return ['DATABASE_URL must be a URL'];
  const { searchParams } = new URL(env.DATABASE_URL ?? '');
  const mode = searchParams.get('sslmode');
  if (searchParams.has('sslrootcert') || searchParams.has('sslcert') || searchParams.has('sslkey')) {
    return ['DATABASE_URL names certificates: they are DATABASE_SSL_CA_FILE, …_CERT_FILE and …_KEY_FILE'];
  }
  if (mode !== null && mode !== 'disable' && !isSslMode(mode)) {
    // `prefer` and `allow` would speak in clear to whoever says that it knows no TLS.
    return [`sslmode in DATABASE_URL must be one of disable, ${SSL_MODES.join(', ')}`];
  }
  if (mode === 'disable' && env.DATABASE_SSL_CA_FILE) return ['sslmode=disable contradicts DATABASE_SSL_CA_FILE'];
  return [];
}

function withoutSslMode(text: string): string {
  const url = new URL(text);
  if (!url.searchParams.has('sslmode')) return text;
  url.searchParams.delete('sslmode');
  return url.href;
}

/** As libpq, but that a CA asks for all there is to check. */
function tlsConfig(env: Environment): DatabaseTlsConfig | undefined {
  const { DATABASE_SSL_CA_FILE: caFile, DATABASE_SSL_CERT_FILE: certFile, DATABASE_SSL_KEY_FILE: keyFile } = env;
  const asked = new URL(env.DATABASE_URL ?? '').searchParams.get('sslmode');
  const mode = asked ?? (caFile ? 'verify-full' : 'disable');
  if (!isSslMode(mode)) return undefined;
  return { mode, ...(caFile && { caFile }), ...(certFile && { certFile }), ...(keyFile && { keyFile }) };
}

function isSslMode(mode: string): mode is SslMode {
  return (SSL_MODES as readonly string[]).includes(mode);
}
