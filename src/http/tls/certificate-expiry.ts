import { Injectable } from '@nestjs/common';
import type { FileExpiry } from './tls-material.js';
import { TlsStore } from './tls-store.js';

/** When the certificates run out that the gateway shows and checks by: for metrics, and for whoever looks after them. */
@Injectable()
export class CertificateExpiry {
  constructor(private readonly store: TlsStore) {}

  /** Every certificate and list of the files in use, in the order of the settings. */
  all(): readonly FileExpiry[] {
    return this.store.current.expiries;
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
