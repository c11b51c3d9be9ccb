import { Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { LRUCache } from 'lru-cache';
import type { X509Certificate } from 'node:crypto';
import { Server, type TLSSocket } from 'node:tls';
import { serverOf } from './server-of.js';
import { TlsStore } from './tls-store.js';

const MAX_CHAINS = 1000;
const MAX_ISSUERS = 8;

const GENERATION = Symbol('generation of the TLS files at the handshake');
type KnownSocket = Partial<TLSSocket> & { [GENERATION]?: number };

/** What handshakes have shown and is not to be had afterwards. */
@Injectable()
export class Handshakes implements OnApplicationBootstrap {
  /** By the certificate's fingerprint: a session that is resumed knows the certificate, but not its CAs. */
  private readonly chains = new LRUCache<string, readonly X509Certificate[]>({ max: MAX_CHAINS });

  constructor(
    private readonly store: TlsStore,
    @Inject(HttpAdapterHost) private readonly adapterHost: HttpAdapterHost,
  ) {}

  onApplicationBootstrap(): void {
    const server = serverOf(this.adapterHost);
    if (server instanceof Server) server.prependListener('secureConnection', (socket) => this.keep(socket));
  }

  /** Whether the certificate was checked by what the files hold now. */
  isCurrent(socket: KnownSocket): boolean {
    return socket[GENERATION] === this.store.generation;
  }

  /** The CAs that the certificate was shown with. */
  issuersOf(certificate: X509Certificate): readonly X509Certificate[] {
    return this.chains.get(certificate.fingerprint256) ?? [];
  }

  private keep(socket: TLSSocket): void {
    (socket as KnownSocket)[GENERATION] = this.store.generation;
    const certificate = socket.getPeerX509Certificate();
    const first = certificate?.issuerCertificate;
    if (!certificate || !first || this.chains.has(certificate.fingerprint256)) return;
    const issuers: X509Certificate[] = [];
    for (
      let one: X509Certificate | undefined = first;
      one && issuers.length < MAX_ISSUERS;
      one = one.issuerCertificate
    ) {
      issuers.push(one);
    }
    this.chains.set(certificate.fingerprint256, issuers);
  }
}
