import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { LRUCache } from 'lru-cache';
import { createHash } from 'node:crypto';
import type { TLSSocket } from 'node:tls';
import { Clock } from '../../clock/clock.js';
import { GatewayConfig, type ClientCertificatesConfig } from '../../config/gateway-config.js';
import { certificateHeader, parseCertificateHeader, type ShownCertificate } from '../../http/tls/certificate-header.js';
import { Handshakes } from '../../http/tls/handshakes.js';
import { TlsStore } from '../../http/tls/tls-store.js';
import { TrustedProxies } from '../../http/trusted-proxies.js';
import type { BoundCertificate } from './bound-certificate.js';
import { namesOf } from './certificate-names.js';

/** What is known of the certificate that came with a request. */
export type Judged =
  | (BoundCertificate & { readonly fault?: undefined; readonly fromMs: number; readonly untilMs: number })
  | { readonly fault: string };

const NONE: Judged = { fault: 'There is no client certificate' };
const MAX_REMEMBERED = 1000;
/** A list of revoked certificates may run out meanwhile. */
const REMEMBERED_MS = 60_000;

interface Remembered {
  readonly generation: number;
  readonly judgedAtMs: number;
  readonly judged: Judged;
}

/** On the socket itself: nearly all requests come on a connection that others have come on. */
const REMEMBERED = Symbol('client certificate');
type JudgedSocket = Partial<TLSSocket> & { [REMEMBERED]?: Remembered };

/**
 * The client certificates of requests. Those of trusted proxies tell theirs in a header, where `CLIENT_CERT_HEADER` says so,
 * and theirs alone: the proxy's own certificate is not its caller's, and anybody else's header is not looked at.
 */
@Injectable()
export class ClientCertificates {
  private readonly settings: ClientCertificatesConfig;
  private readonly proxies: TrustedProxies;
  private readonly subjects: ReadonlySet<string>;
  private readonly fromHeaders = new LRUCache<string, Remembered>({ max: MAX_REMEMBERED });

  constructor(
    private readonly config: GatewayConfig,
    private readonly store: TlsStore,
    private readonly handshakes: Handshakes,
    private readonly clock: Clock,
  ) {
    const { server } = config;
    this.settings = server.clientCertificates;
    this.proxies = new TrustedProxies(server.clientCertificates.header === 'none' ? [] : server.trustedProxies);
    this.subjects = new Set(server.clientCertificates.subjects);
  }

  /** What is to be said of the request's certificate, be it good or not. */
  judge({ raw }: FastifyRequest): Judged {
    const socket = raw.socket as JudgedSocket;
    const nowMs = this.clock.nowMs();
    if (this.settings.header !== 'none' && this.proxies.has(socket.remoteAddress)) {
      const header = certificateHeader(raw.headers, this.settings.header);
      return header === undefined ? NONE : valid(this.ofHeader(header, nowMs), nowMs);
    }
    return valid(this.ofConnection(socket, nowMs), nowMs);
  }

  /**
   * Whether the request came with that certificate or, but for `ACCESS_TOKEN_BINDING=exact`, with the one in its place: as good, and of
   * the same name. D1 renews its certificate within an access token's life, and takes a 401 for final.
   */
  shows(request: FastifyRequest, bound: BoundCertificate): boolean {
    const judged = this.judge(request);
    if (judged.fault !== undefined) return false;
    if (judged.thumbprint === bound.thumbprint) return true;
    const isNamesake = bound.subject !== undefined && judged.subject === bound.subject;
    return isNamesake && this.config.auth.accessTokenBinding !== 'exact';
  }

  private ofHeader(header: string, nowMs: number): Judged {
    const known = this.fromHeaders.get(header);
    if (known && this.isCurrent(known, nowMs)) return known.judged;
    const shown = parseCertificateHeader(header, this.settings.header);
    const judged: Judged = shown ? this.judgeShown(shown, nowMs) : { fault: 'The header cannot be read' };
    this.fromHeaders.set(header, { generation: this.store.generation, judgedAtMs: nowMs, judged });
    return judged;
  }

  private ofConnection(socket: JudgedSocket, nowMs: number): Judged {
    const known = socket[REMEMBERED];
    if (known && this.isCurrent(known, nowMs)) return known.judged;
    const judged = this.judgeConnection(socket, nowMs);
    socket[REMEMBERED] = { generation: this.store.generation, judgedAtMs: nowMs, judged };
    return judged;
  }

  /**
   * The certificate itself is asked for, too: a TLS 1.3 session that was begun without one and is then resumed counts as
   * verified for OpenSSL, and so node says `authorized` of a caller that has never shown a certificate.
   */
  private judgeConnection(socket: JudgedSocket, nowMs: number): Judged {
    const certificate = socket.getPeerX509Certificate?.();
    if (!certificate) return NONE;
    if (socket.authorized !== true) return { fault: 'The client certificate is not trusted' };
    const sent = this.handshakes.issuersOf(certificate);
    // What the handshake has checked by the same files need not be checked again.
    const fault = this.handshakes.isCurrent(socket) ? undefined : this.faultOf({ certificate, sent }, nowMs);
    return fault ? { fault } : this.judgeSubject(certificate);
  }

  private judgeShown(shown: ShownCertificate, nowMs: number): Judged {
    const fault = this.faultOf(shown, nowMs);
    return fault ? { fault } : this.judgeSubject(shown.certificate);
  }

  private faultOf({ certificate, sent }: ShownCertificate, nowMs: number): string | undefined {
    return this.store.current.trust?.faultOf(certificate, sent, nowMs);
  }

  private judgeSubject(certificate: ShownCertificate['certificate']): Judged {
    if (this.subjects.size > 0 && !namesOf(certificate).some((name) => this.subjects.has(name))) {
      return { fault: 'The certificate is for none of TLS_CLIENT_SUBJECTS' };
    }
    return {
      thumbprint: sha256(certificate.raw),
      ...(certificate.subject && { subject: sha256(certificate.subject) }),
      fromMs: Date.parse(certificate.validFrom),
      untilMs: Date.parse(certificate.validTo),
    };
  }

  private isCurrent({ generation, judgedAtMs }: Remembered, nowMs: number): boolean {
    return generation === this.store.generation && Math.abs(nowMs - judgedAtMs) < REMEMBERED_MS;
  }
}

const sha256 = (data: Buffer | string): string => createHash('sha256').update(data).digest('base64url');

function valid(judged: Judged, nowMs: number): Judged {
  if (judged.fault !== undefined || (judged.fromMs <= nowMs && nowMs < judged.untilMs)) return judged;
  return { fault: 'The certificate is not valid now' };
}
