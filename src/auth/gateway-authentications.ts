import { Injectable, Logger, type OnApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { GatewayConfig } from '../config/gateway-config.js';
import { describeCause } from '../http/log-error.js';

/** What a merchant gateway may ask for by itself. Not `trusted-network`: that would tell anybody that it is there. */
export const GATEWAY_AUTHENTICATIONS = ['oauth', 'mtls', 'oauth+mtls'] as const;
export type GatewayAuthentication = (typeof GATEWAY_AUTHENTICATIONS)[number];

/** What D1 has to prove. */
export interface Demand {
  readonly accessToken: boolean;
  readonly certificate: boolean;
}

const SHORTEST_LOOK_MS = 1000;

const demandOf = (authentication: string): Demand => ({
  accessToken: authentication.includes('oauth'),
  certificate: authentication.includes('mtls'),
});

/**
 * What D1 has to prove for each merchant gateway. In memory, as every notification asks; loaded again when the registry
 * changes, and every `CLIENT_CACHE_SECONDS`.
 */
@Injectable()
export class GatewayAuthentications implements OnApplicationBootstrap, OnApplicationShutdown {
  readonly usual: Demand;
  private readonly logger = new Logger(GatewayAuthentications.name);
  private own: ReadonlyMap<string, Demand> = new Map();
  private timer: NodeJS.Timeout | undefined;
  private loading: Promise<void> | undefined;

  constructor(
    private readonly config: GatewayConfig,
    private readonly dataSource: DataSource,
  ) {
    this.usual = demandOf(config.auth.d1Authentication);
  }

  async onApplicationBootstrap(): Promise<void> {
    await this.load();
    const everyMs = Math.max(this.config.auth.clientCacheSeconds * 1000, SHORTEST_LOOK_MS);
    this.timer = setInterval(() => this.refresh(), everyMs).unref();
  }

  async onApplicationShutdown(): Promise<void> {
    clearInterval(this.timer);
    await this.loading;
  }

  /** What this merchant gateway asks for by itself. */
  ownOf(merchantGatewayId: string | undefined): Demand | undefined {
    return this.own.size === 0 || merchantGatewayId === undefined ? undefined : this.own.get(merchantGatewayId);
  }

  /** What keeps a merchant gateway from asking for that; undefined where nothing does. */
  faultOf(authentication: GatewayAuthentication | null | undefined): string | undefined {
    const { caFile, header } = this.config.server.clientCertificates;
    if (!authentication?.includes('mtls') || caFile !== undefined || header !== 'none') return undefined;
    // Every call of D1 for it would be answered 401, which D1 takes for final.
    return `is ${authentication}, and there is nothing to check a certificate by: it needs TLS_CLIENT_CA_FILE, or CLIENT_CERT_HEADER with TRUSTED_PROXIES`;
  }

  /** Whether access tokens and certificates are asked for together anywhere, and so belong together (RFC 8705). */
  get bindsAccessTokens(): boolean {
    return [this.usual, ...this.own.values()].some(({ accessToken, certificate }) => accessToken && certificate);
  }

  /** To be called after a change has been committed. */
  async load(): Promise<void> {
    // By SQL: the registry is above.
    const rows = await this.dataSource.query<{ id: string; authentication: string }[]>(
      'select id, authentication from merchant_gateways where authentication is not null',
    );
    this.own = new Map(rows.map(({ id, authentication }) => [id, demandOf(authentication)]));
  }

  /** The same, and nobody waits for it. What was loaded before holds where it fails. */
  refresh(): void {
    this.loading = this.load().catch((error: unknown) =>
      this.logger.warn({ msg: 'What merchant gateways ask for was not loaded', cause: describeCause(error) }),
    );
  }
}
