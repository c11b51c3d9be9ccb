import { readFileSync } from 'node:fs';
import type { ConnectionOptions } from 'node:tls';
import type { DatabaseTlsConfig } from '../config/gateway-config.js';
import { UnfitDatabase } from './unfit-database.js';

type ClientTls = Pick<
  ConnectionOptions,
  'ca' | 'cert' | 'checkServerIdentity' | 'key' | 'minVersion' | 'rejectUnauthorized'
>;

/**
 * node's options for TLS to the database, `false` for none.
 *
 * @throws UnfitDatabase where a file cannot be read
 */
export function tlsOptions(tls: DatabaseTlsConfig | undefined): ClientTls | false {
  if (!tls) return false;
  return {
    minVersion: 'TLSv1.2',
    rejectUnauthorized: tls.mode !== 'require',
    ...(tls.mode === 'verify-ca' && { checkServerIdentity: () => undefined }),
    ...(tls.caFile && { ca: read('DATABASE_SSL_CA_FILE', tls.caFile) }),
    ...(tls.certFile && { cert: read('DATABASE_SSL_CERT_FILE', tls.certFile) }),
    ...(tls.keyFile && { key: read('DATABASE_SSL_KEY_FILE', tls.keyFile) }),
  };
}

function read(setting: string, file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    throw new UnfitDatabase(`${setting} cannot be read: ${(error as NodeJS.ErrnoException).code}`);
  }
}
