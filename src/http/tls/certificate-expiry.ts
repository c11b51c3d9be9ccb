import { Injectable } from '@nestjs/common';
import { readFileSync } from 'node:fs';
import { GatewayConfig, type DatabaseConfig } from '../../config/gateway-config.js';
import { blocks, expiriesOf, type FileExpiry } from './file-expiry.js';
import { TlsStore } from './tls-store.js';

/** When the certificates run out that the gateway shows and checks by: for metrics, and for whoever looks after them. */
@Injectable()
export class CertificateExpiry {
  /** Read at start, as those files are by the connection itself. */
  private readonly ofDatabase: readonly FileExpiry[];

  constructor(
    private readonly store: TlsStore,
    { database }: GatewayConfig,
  ) {
    this.ofDatabase = databaseExpiries(database);
  }

  /** Every certificate and list of the files in use, in the order of the settings. */
  all(): readonly FileExpiry[] {
    return [...this.store.current.expiries, ...this.ofDatabase];
  }

  /** What runs out first in each file, by its setting, in milliseconds since the epoch. */
  notAfterMs(): ReadonlyMap<FileExpiry['setting'], number> {
    const earliest = new Map<FileExpiry['setting'], number>();
    for (const { setting, notAfterMs } of this.all()) {
      earliest.set(setting, Math.min(notAfterMs, earliest.get(setting) ?? Number.POSITIVE_INFINITY));
    }
    return earliest;
  }
}

function databaseExpiries(database: DatabaseConfig): FileExpiry[] {
  const tls = database.engine === 'postgres' ? database.tls : undefined;
  return [...expiriesIn('DATABASE_SSL_CA_FILE', tls?.caFile), ...expiriesIn('DATABASE_SSL_CERT_FILE', tls?.certFile)];
}

function expiriesIn(setting: FileExpiry['setting'], file: string | undefined): FileExpiry[] {
  if (file === undefined) return [];
  try {
    return expiriesOf(setting, blocks(readFileSync(file, 'utf8'), 'CERTIFICATE'));
  } catch {
    // What cannot be used the connection tells, and does not come about.
    return [];
  }
}
